namespace Rat.Engine.Merging.Strategies;

/// <summary>
/// The columns of a table as it will be, as the SQL of a strategy names them: <c>c0</c>, <c>c1</c> … by their position, so that no name of a
/// user's can be mistaken for one of ours.
/// </summary>
/// <param name="names">In the order of the table.</param>
/// <param name="key">Positions of the key's columns.</param>
/// <param name="ofBatch">Positions of the columns that the result has.</param>
/// <param name="mayBeNull">Whether the batch has a NULL in a column of the key.</param>
internal sealed class MergeColumns(
    IReadOnlyList<string> names, IReadOnlyList<int> key, IReadOnlyList<int> ofBatch, Func<int, bool> mayBeNull)
{
    public IEnumerable<int> All => Enumerable.Range(0, names.Count);
    public IReadOnlyList<int> Key => key;
    public IReadOnlyList<int> OfBatch => ofBatch;

    /// <summary>Condition that a row of <c>old</c> and one of <c>batch</c> have one key. NULL equals NULL; where the batch has none a plain
    /// comparison says the same, and lets DuckDB leave out row groups.</summary>
    public string Match =>
        string.Join(" AND ", key.Select(column => $"old.c{column} {(mayBeNull(column) ? "IS NOT DISTINCT FROM" : "=")} batch.c{column}"));

    public int IndexOf(string name) => names.Index().First(column => column.Item.Equals(name, StringComparison.OrdinalIgnoreCase)).Index;

    /// <summary>All columns of a relation, in order.</summary>
    public string List(string relation) => string.Join(", ", All.Select(column => $"{relation}.c{column}"));

    /// <summary>The plan of strategies that let the whole batch in and everything with one of its keys out.</summary>
    public MergePlan ReplaceMatches() => new(
        $"SELECT old.file, old.pos FROM old SEMI JOIN batch ON {Match}",
        "SELECT file, pos FROM matched",
        $"SELECT {List("batch")} FROM batch");
}

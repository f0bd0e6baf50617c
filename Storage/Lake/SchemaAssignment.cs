namespace Rat.Storage.Lake;

/// <summary>A column of a result that is to be written. All field ids in its type are 0.</summary>
internal sealed record NewColumn(string Name, LakeType Type);

/// <summary>Gives the columns of a result their field ids.</summary>
internal static class SchemaAssignment
{
    /// <summary>The schema of a table that is replaced as a whole.</summary>
    public static LakeSchema Replace(TableState? current, IReadOnlyList<NewColumn> columns) => throw new NotImplementedException();

    /// <summary>The schema of a table that keeps its rows: each column of the batch is to be cast to the type given here.</summary>
    public static Outcome<LakeSchema> Append(TableState current, IReadOnlyList<NewColumn> columns) => throw new NotImplementedException();
}

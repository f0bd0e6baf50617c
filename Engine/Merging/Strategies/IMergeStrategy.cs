using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Strategies;

/// <summary>
/// One way in which the result of a pipeline gets into its table. A strategy only says which rows of the table go and which rows come in;
/// which files are read, rewritten or marked for that is the same for all of them.
/// </summary>
internal interface IMergeStrategy
{
    /// <summary>What it does with rows, for the log: <c>Merging 3 rows …</c>.</summary>
    string Verb { get; }

    /// <summary>Whether the result takes the place of the table, its columns included.</summary>
    bool ReplacesTable => false;

    /// <summary>The columns by which rows of the result and the table are the same; the result must have them.</summary>
    MergeKey Key => MergeKey.None;

    /// <summary>Columns that the table has besides those of the result.</summary>
    IReadOnlyList<AddedColumn> Added => [];

    /// <summary>Whether it has a plan. Without one every row of the result comes in and none of the table's is looked at, so that the result is
    /// written once and never read.</summary>
    bool IsStaged => true;

    /// <summary>Which rows go and which come in; only asked of a strategy that <see cref="IsStaged"/>.</summary>
    MergePlan Plan(MergeColumns columns);
}

/// <param name="Setting">Where the columns were named.</param>
internal sealed record MergeKey(string Setting, IReadOnlyList<string> Columns)
{
    public static readonly MergeKey None = new("", []);
}

/// <summary>A column that a strategy adds to the result.</summary>
/// <param name="Setting">Where it was named.</param>
/// <param name="Sql">The value of every row of the result.</param>
internal sealed record AddedColumn(string Setting, string Name, LakeType Type, string Sql);

/// <summary>
/// Which rows go and which come in, as SQL over three relations whose columns are called as <see cref="MergeColumns"/> says:
/// <c>batch</c>, the result, with <c>rowid</c> in the order of its rows; <c>old</c>, rows of the table, with their place as <c>file</c> and
/// <c>pos</c>; and <c>matched</c>, the rows of <paramref name="Matched"/>.
/// </summary>
/// <param name="Matched">A SELECT over <c>old</c> and <c>batch</c> of <c>file</c>, <c>pos</c> and what the next two need. Each row of the
/// table is in it once at most, and only rows that equal one of the batch in all of the key's columns: others may not even be read. Which rows
/// of <c>old</c> are in it depends on nothing but the row itself and the batch: deleted ones are among them, and are taken out afterwards.</param>
/// <param name="Outgoing">A SELECT over <c>matched</c> of <c>file</c> and <c>pos</c>: the rows that leave the table.</param>
/// <param name="Incoming">A SELECT over <c>batch</c> and <c>matched</c> of all columns in order: the rows that are added.</param>
internal sealed record MergePlan(string Matched, string Outgoing, string Incoming)
{
    /// <summary>Of the batch's rows with the same key only the last stays.</summary>
    public bool KeepsLast { get; init; }

    /// <summary>A column that is NULL in all rows of <c>matched</c>: files without a NULL in it aren't read.</summary>
    public int? OnlyNull { get; init; }
}

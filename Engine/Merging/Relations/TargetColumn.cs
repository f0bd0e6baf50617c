using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Relations;

/// <summary>A column of the table as a run will leave it, and where its values come from.</summary>
/// <param name="Value">SQL over the result, whose columns are <c>r0</c>, <c>r1</c> …; null when the result has no such column.</param>
/// <param name="Old">The column as the table has it; null when it has none.</param>
internal sealed record TargetColumn(int Position, LakeField Field, string? Value, LakeField? Old)
{
    public string SqlType { get; } = LakeColumns.SqlType(Field.Type);

    /// <summary>What the column is called in relations of our own.</summary>
    public string Alias { get; } = $"c{Position}";

    /// <summary>It comes from the pipeline, not from its strategy.</summary>
    public bool IsOfResult { get; init; }

    /// <summary>The type changed to one that isn't a promotion for Iceberg: files that hold the old one must be written again.</summary>
    public bool IsRewritten => Old is not null && Old.Id != Field.Id;
}

using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Gate;

/// <summary>What a statement is, as far as its caller treats it differently.</summary>
internal enum StatementShape
{
    /// <summary>SELECT, FROM, VALUES, TABLE, WITH, PIVOT, UNPIVOT.</summary>
    Select,

    /// <summary>EXPLAIN and EXPLAIN ANALYZE. What they print may hold local paths.</summary>
    Explain,

    /// <summary>DESCRIBE, SHOW, SUMMARIZE.</summary>
    Describe,
}

/// <summary>A statement that was let through.</summary>
/// <param name="Text">One statement without a semicolon, with every table by its full quoted name and landing files by local paths. It doesn't
/// depend on <c>USE</c> or a search path.</param>
/// <param name="CanWrap">Whether <c>FROM (\n{Text}\n)</c> is the same rows: all but EXPLAIN.</param>
/// <param name="Views">Every table that it reads; their views must be there when it is prepared.</param>
/// <param name="LandingFiles">Every landing file that it reads.</param>
internal sealed record GatedSql(
    string Text, StatementShape Shape, bool CanWrap, IReadOnlyList<ViewUse> Views, IReadOnlyList<LandingMatch> LandingFiles)
{
    public StatementReads Reads => new(Views, LandingFiles);
}

/// <summary>What a statement reads.</summary>
internal sealed record StatementReads(IReadOnlyList<ViewUse> Views, IReadOnlyList<LandingMatch> LandingFiles);

/// <summary>A table that a statement reads, through the view <c>"ns"."layer"."name"</c> or, pinned, <c>"ns"."layer"."name@snapshot"</c>.</summary>
internal sealed record ViewUse(TableState State, bool Pinned);

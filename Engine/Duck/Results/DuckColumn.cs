namespace Rat.Engine.Duck;

/// <summary>A column of a result.</summary>
/// <param name="Type">What the statement yields, and what clients are told.</param>
internal sealed record DuckColumn(string Name, DuckType Type)
{
    /// <summary>What its vectors hold: <see cref="Type"/>, or that type with VARCHAR in place of each part that vectors can't be read of
    /// (UNION, VARIANT, GEOMETRY, BIGNUM). Such parts arrive as DuckDB's own text.</summary>
    public DuckType VectorType { get; init; } = Type;
}

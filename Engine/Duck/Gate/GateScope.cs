namespace Rat.Engine.Duck.Gate;

/// <summary>Whose statement it is, and what it may name.</summary>
/// <param name="Namespace">That of two-part and one-part names.</param>
/// <param name="Buckets">Names of the bucket in <c>s3://{bucket}/…</c>.</param>
internal sealed record GateScope(string Namespace, ICatalogState Catalog, ILandingLookup Landing, IReadOnlyList<string> Buckets)
{
    /// <summary>The longest query, in bytes.</summary>
    public const int LongestQuery = 100_000;

    /// <summary>The longest statement of a pipeline or a test, in bytes. The parse tree of one takes a hundred times as much.</summary>
    public const int LongestPipeline = 1_000_000;

    /// <summary>The longest text, in bytes.</summary>
    public int MaxBytes { get; init; } = LongestPipeline;
}

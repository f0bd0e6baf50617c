namespace Rat.Engine.Duck.Gate;

/// <summary>Which landing files a statement may read.</summary>
internal interface ILandingLookup
{
    /// <summary>The files that a pattern names, by key. <c>*</c>, <c>?</c> and <c>[…]</c> stay within a segment, <c>**</c> is any number of
    /// segments; none of them matches the folders <c>_samples</c> and <c>_processed</c> of a zone, which must be named.</summary>
    /// <param name="keyPattern">Below the bucket, for example <c>default/landing/zone/**</c>.</param>
    IReadOnlyList<LandingMatch> Match(string keyPattern);
}

/// <param name="LocalPath">Absolute path of a file with the bytes.</param>
internal sealed record LandingMatch(string Key, string LocalPath)
{
    /// <summary>Which content of that key it is.</summary>
    public string VersionId { get; init; } = "";
}

using Rat.Storage.Metadata;

namespace Rat.Engine.Duck.Gate;

/// <summary>Which landing files a statement may read.</summary>
internal interface ILandingLookup
{
    /// <summary>The files that a pattern names, by key. <c>*</c>, <c>?</c> and <c>[…]</c> stay within a segment, <c>**</c> is any number of
    /// segments; none of them matches the folders <c>_samples</c> and <c>_processed</c> of a zone, which must be named.</summary>
    /// <param name="keyPattern">Below the bucket, for example <c>default/landing/zone/**</c>.</param>
    IReadOnlyList<LandingMatch> Match(string keyPattern);
}

/// <param name="LocalPath">Absolute path, ending with the file's key, where its bytes are while the version is held.</param>
internal sealed record LandingMatch(FileVersion Version, string LocalPath)
{
    public string Key => Version.Key;
}

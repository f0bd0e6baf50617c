using Rat.Storage.Metadata;

namespace Rat.Storage.Objects;

/// <summary>User files of a bucket as copies on this machine.</summary>
/// <param name="openedAt">By the store's clock.</param>
internal sealed class CachedObjects(ObjectCache cache, DateTime openedAt) : ILocalObjects
{
    private const string ObjectFolder = "objects/";

    public bool ReadsInPlace => false;

    public DateTime OpenedAt => openedAt;

    public string LocalPath(FileVersion version) => cache.PathOf(CopyOf(version));

    public async ValueTask<IDisposable?> HoldAsync(FileVersion version, CancellationToken cancellation) =>
        await cache.HoldAsync(new ImmutableObject(version.ObjectKey, CopyOf(version), version.SizeBytes), cancellation);

    public Stream? Open(string objectKey)
    {
        using var copy = cache.HoldAsync(new ImmutableObject(objectKey, ObjectFolder + objectKey, Length: null), CancellationToken.None).GetAwaiter().GetResult();
        // What is open stays readable, also when its copy goes.
        return copy is null ? null : new FileStream(copy.Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
    }

    // DuckDB shows names of files, so each has its own; two versions of one may be read at once. A version's id has the same length as any other's.
    private static string CopyOf(FileVersion version) => $"{DataDirectory.LandingCopies}/{version.VersionId}/{version.Key}";
}

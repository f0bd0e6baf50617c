using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Storage.Objects;

/// <summary>The bytes of one version of a file.</summary>
internal sealed record FileContent(FileVersion Version, Stream Stream) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

/// <summary>
/// Files with versions: each write is an object of its own, named by a row. The object is durable before its row is written, so that a row
/// never names what isn't there.
/// </summary>
internal sealed class UserFiles(IObjectStore objects, MetadataDatabase database, TimeProvider time)
{
    private const string VersionFolder = ".versions";

    /// <summary>Writes a new version and makes it the head. <paramref name="record"/> writes what else belongs to it in the same transaction.</summary>
    public async Task<Outcome<FileVersion>> PutAsync(
        string key, Stream content, string contentType, long largest, Action<SqliteConnection, FileVersion>? record, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString();
        var objectKey = ObjectKey.IsLanding(key) ? key : $"{VersionFolder}/{id[..2]}/{id}";
        var stored = await objects.PutAsync(objectKey, content, largest, cancellation);
        if (!stored.Succeeded)
            return stored.Failure;

        var version = new FileVersion(key, id, objectKey, stored.Value, contentType, Timestamps.ToMicroseconds(time.GetUtcNow()));
        // Not the request's token: from here on the file is there, and its row must follow.
        await database.WriteAsync(connection =>
        {
            FileStore.InsertHead(connection, version);
            record?.Invoke(connection, version);
            return true;
        }, CancellationToken.None);
        return version;
    }

    /// <summary>The head, or the given version of it; null when there is none.</summary>
    public FileContent? Open(string key, string? versionId = null)
    {
        var version = database.Read(connection => versionId is null
            ? FileStore.FindHead(connection, key)
            : FileStore.FindVersion(connection, key, versionId));
        return version is not null && objects.Open(version.ObjectKey) is { } stream ? new FileContent(version, stream) : null;
    }

    /// <summary>The bytes of a version that was looked up before; null when they have been removed since.</summary>
    public Stream? Open(FileVersion version) => objects.Open(version.ObjectKey);

    /// <summary>Removes the head; versions that were published stay readable. True when there was one.</summary>
    public async Task<bool> DeleteAsync(string key, Action<SqliteConnection>? record = null)
    {
        var removed = await database.WriteAsync(connection =>
        {
            var head = FileStore.FindHead(connection, key);
            if (head is null)
                return null;
            FileStore.RemoveHead(connection, key);
            record?.Invoke(connection);
            return head;
        });
        if (removed is not null && ObjectKey.IsLanding(key))
            objects.Delete(removed.ObjectKey);
        return removed is not null;
    }

    /// <summary>Removes everything under a prefix, every version of it.</summary>
    public async Task DeleteAllAsync(string prefix)
    {
        var removed = await database.WriteAsync(connection => FileStore.RemoveAll(connection, prefix));
        foreach (var objectKey in removed)
            objects.Delete(objectKey);
    }

    /// <summary>A file of this machine with the bytes of a landing file.</summary>
    public string LocalPath(FileVersion version) => objects.LocalPath(version.ObjectKey);
}

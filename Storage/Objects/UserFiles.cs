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
/// never names what isn't there. Where DuckDB reads objects in place, a landing file has one object, under its key: whoever writes or removes it
/// holds the key's lock from the object to the row. Of landing files only the head has a row.
/// </summary>
internal sealed class UserFiles(IObjectStore objects, ILocalObjects local, MetadataDatabase database, TimeProvider time)
{
    /// <summary>Keys of objects that are named by their version begin with it.</summary>
    public const string VersionFolder = ".versions/";

    private readonly KeyLocks _landing = new();

    /// <summary>Writes a new version and makes it the head.</summary>
    /// <param name="record">Writes what else belongs to it in the same transaction; a failure refuses, and nothing of the file stays.</param>
    public async Task<Outcome<FileVersion>> PutAsync(
        string key, Stream content, string contentType, long largest, Func<SqliteConnection, FileVersion, Failure?> record,
        CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString();
        var hasPlainKey = local.ReadsInPlace && ObjectKey.IsLanding(key);
        using var held = hasPlainKey ? await _landing.AcquireAsync(key) : null;
        var objectKey = hasPlainKey ? key : $"{VersionFolder}{id[..2]}/{id}";
        var stored = await objects.PutAsync(objectKey, content, largest, cancellation);
        if (!stored.Succeeded)
            return stored.Failure;

        var version = new FileVersion(key, id, objectKey, stored.Value, contentType, Timestamps.ToMicroseconds(time.GetUtcNow()));
        Outcome<Replaced> inserted;
        try
        {
            inserted = await InsertAsync(version, record);
        }
        catch (SqliteException)
        {
            await DiscardAsync(version);
            throw;
        }

        if (inserted.Succeeded)
        {
            if (inserted.Value.ObjectKey is { } replaced && replaced != objectKey)
                await DeleteOrphanAsync(replaced);
            return version;
        }

        await DiscardAsync(version);
        return inserted.Failure;
    }

    /// <summary>The head, or the given version of it; null when there is none.</summary>
    public async Task<FileContent?> OpenAsync(string key, CancellationToken cancellation, string? versionId = null)
    {
        var version = database.Read(connection => versionId is null
            ? FileStore.FindHead(connection, key)
            : FileStore.FindVersion(connection, key, versionId));
        return version is not null && await objects.OpenAsync(version.ObjectKey, cancellation) is { } stream ? new FileContent(version, stream) : null;
    }

    /// <summary>The bytes of a version that was looked up before; null when they have been removed since.</summary>
    public Stream? Open(FileVersion version) => local.Open(version.ObjectKey);

    /// <summary>Removes the head; versions that were published stay readable. True when there was one.</summary>
    public async Task<bool> DeleteAsync(string key, Action<SqliteConnection>? record = null)
    {
        using var held = local.ReadsInPlace && ObjectKey.IsLanding(key) ? await _landing.AcquireAsync(key) : null;
        var removed = await database.WriteAsync(connection =>
        {
            if (FileStore.FindHead(connection, key) is null)
                return null;
            var replaced = new Replaced(FileStore.RemoveHead(connection, key));
            record?.Invoke(connection);
            return replaced;
        });
        if (removed?.ObjectKey is { } objectKey)
            await TryDeleteAsync(objectKey);
        return removed is not null;
    }

    /// <summary>
    /// Moves landing files to their archive keys. An object that isn't named by its key stays where it is. Of others, a row names the old one until
    /// the new one is durable, and the old one is removed after, so that a process may end anywhere in between: the move is then done again, or
    /// the object that nothing names is swept.
    /// </summary>
    /// <param name="files">Each with the key that it shall have.</param>
    /// <param name="record">Writes what else belongs to it in the same transaction; gets the files that were moved. Those that were removed or
    /// overwritten meanwhile are not among them.</param>
    /// <returns>The files that could not be copied; they stay as they are.</returns>
    public async Task<IReadOnlyList<(FileVersion File, Exception Cause)>> ArchiveAsync(
        IReadOnlyList<(FileVersion File, string ArchiveKey)> files, Action<SqliteConnection, IReadOnlyList<FileVersion>> record)
    {
        var failed = new List<(FileVersion File, Exception Cause)>();
        var copied = new List<(FileVersion File, string ArchiveKey)>();
        foreach (var (file, archiveKey) in files)
        {
            try
            {
                if (IsPlain(file))
                    await objects.CopyAsync(file.ObjectKey, archiveKey);
                copied.Add((file, archiveKey));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                failed.Add((file, exception));
            }
        }

        var moved = await database.WriteAsync(connection =>
        {
            var now = Timestamps.ToMicroseconds(time.GetUtcNow());
            var renamed = copied.Where(copy => FileStore.TryArchive(connection, copy.File, now)).Select(copy => copy.File).ToHashSet();
            record(connection, [.. renamed]);
            return renamed;
        });
        foreach (var (file, archiveKey) in copied.Where(copy => IsPlain(copy.File)))
            await DeleteOrphanAsync(moved.Contains(file) ? file.ObjectKey : archiveKey);
        return failed;
    }

    /// <summary>Removes everything under a prefix, every version of it, in one transaction with what the prefix belongs to.</summary>
    /// <param name="owner">Removes that; false when there is none, and nothing is removed.</param>
    public async Task<bool> DeleteAllAsync(string prefix, Func<SqliteConnection, bool> owner)
    {
        var removed = await database.WriteAsync(connection => owner(connection) ? FileStore.RemoveAll(connection, prefix) : null);
        foreach (var objectKey in removed ?? [])
        {
            // A landing file may be there again by now, under the same key.
            await DeleteOrphanAsync(objectKey);
        }

        return removed is not null;
    }

    /// <summary>Removes an object that no row named a moment ago. False when one names it by now, or when the store doesn't do it: then the next
    /// start sweeps it.</summary>
    public async Task<bool> DeleteOrphanAsync(string objectKey)
    {
        using var held = ObjectKey.IsLanding(objectKey) ? await _landing.AcquireAsync(objectKey) : null;
        return (held is null || database.Read(connection => FileStore.FindHead(connection, objectKey)) is null) && await TryDeleteAsync(objectKey);
    }

    /// <summary>The bytes of an object that a row named before; null when they have been removed since.</summary>
    public Stream? OpenObject(string objectKey) => local.Open(objectKey);

    /// <inheritdoc cref="ILocalObjects.LocalPath"/>
    public string LocalPath(FileVersion version) => local.LocalPath(version);

    /// <inheritdoc cref="ILocalObjects.HoldAsync"/>
    public ValueTask<IDisposable?> HoldAsync(FileVersion version, CancellationToken cancellation) => local.HoldAsync(version, cancellation);

    // Not the request's token: from here on the file is there, and its row must follow.
    private Task<Outcome<Replaced>> InsertAsync(FileVersion version, Func<SqliteConnection, FileVersion, Failure?> record) =>
        database.WriteAsync<Outcome<Replaced>>(
            connection => record(connection, version) is { } failure ? failure : new Replaced(FileStore.InsertHead(connection, version)),
            CancellationToken.None);

    private static bool IsPlain(FileVersion file) => file.ObjectKey == file.Key;

    // What is done is done: whoever asked isn't to hear of an object that nothing names.
    private async Task<bool> TryDeleteAsync(string objectKey)
    {
        try
        {
            await objects.DeleteAsync(objectKey);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task DiscardAsync(FileVersion version)
    {
        // A landing file that was overwritten still has its row.
        if (!IsPlain(version) || database.Read(connection => FileStore.FindHead(connection, version.Key)) is null)
            await TryDeleteAsync(version.ObjectKey);
    }

    /// <summary>The object that no row names any more, with the head that it was; null when there is none.</summary>
    private sealed record Replaced(string? ObjectKey);
}

using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Rat.Engine.Automation;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Landing;

/// <summary>Landing zones and the files in them: uploads that pipelines read, and samples that only previews read.</summary>
internal sealed class LandingZones(MetadataDatabase database, UserFiles files, FollowUps followUps, TimeProvider time)
{
    private const string Samples = "_samples/";

    // Keys of uploads under way: two of one name in one second must not take the same.
    private readonly ConcurrentDictionary<string, bool> _taken = new();

    public async Task<Outcome<LandingZoneRow>> CreateAsync(string ns, string name, string description, CancellationToken cancellation)
    {
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        return await database.WriteAsync<Outcome<LandingZoneRow>>(connection =>
        {
            if (!NamespaceStore.Exists(connection, ns))
                return Failure.NotFound($"namespace {ns} not found");
            return LandingZoneStore.TryInsert(connection, Guid.NewGuid(), ns, name, description, now)
                ? LandingZoneStore.Find(connection, ns, name)!
                : Failure.AlreadyExists($"landing zone {name} already exists in namespace {ns}");
        }, cancellation);
    }

    /// <summary>Changes what <paramref name="change"/> changes.</summary>
    public async Task<Outcome<LandingZoneRow>> UpdateAsync(string ns, string name, Func<LandingZoneRow, LandingZoneRow> change) =>
        await database.WriteAsync<Outcome<LandingZoneRow>>(connection =>
        {
            if (LandingZoneStore.Find(connection, ns, name) is not { } zone)
                return Missing;
            LandingZoneStore.Update(connection, change(zone), Timestamps.ToMicroseconds(time.GetUtcNow()));
            return LandingZoneStore.Find(connection, ns, name)!;
        });

    /// <summary>Removes the zone with all its files: uploads, samples, archive.</summary>
    public async Task<Outcome<bool>> DeleteAsync(string ns, string name)
    {
        var deleted = await files.DeleteAllAsync(LandingZoneRow.FolderOf(ns, name), connection =>
        {
            if (LandingZoneStore.Find(connection, ns, name) is not { } zone)
                return false;
            LandingZoneStore.Delete(connection, zone.Id);
            return true;
        });
        return deleted ? true : Missing;
    }

    /// <summary>Stores an upload. Its object is durable before the row that makes it visible, and the runs that it starts are rows of the same
    /// transaction.</summary>
    public async Task<Outcome<LandingFileRow>> UploadAsync(
        LandingZoneRow zone, string? sentName, string contentType, Stream content, CancellationToken cancellation)
    {
        var clean = LandingFileName.Clean(sentName);
        if (!clean.Succeeded)
            return clean.Failure;

        var (name, key) = Reserve(zone, clean.Value);
        try
        {
            LandingFileRow? row = null;
            IReadOnlyList<RunRow> following = [];
            var stored = await files.PutAsync(key, content, contentType, long.MaxValue, (connection, version) =>
            {
                if (!LandingZoneStore.Exists(connection, zone.Id))
                    return Missing;
                row = new LandingFileRow(Guid.NewGuid(), zone.Id, name, key, version.SizeBytes, contentType, UploadedBy: null, version.ModifiedAt);
                LandingFileStore.Insert(connection, row);
                following = followUps.OfUpload(connection, zone, clean.Value, version.VersionId, time.GetUtcNow());
                return null;
            }, cancellation);
            if (!stored.Succeeded)
                return stored.Failure;
            followUps.Start(following);
            return row!;
        }
        finally
        {
            _taken.TryRemove(key, out _);
        }
    }

    /// <summary>Stores or replaces a sample, under its own name.</summary>
    public async Task<Outcome<FileVersion>> PutSampleAsync(
        LandingZoneRow zone, string? sentName, string contentType, Stream content, CancellationToken cancellation)
    {
        var clean = LandingFileName.Clean(sentName);
        return clean.Succeeded
            ? await files.PutAsync(
                zone.Folder + Samples + clean.Value, content, contentType, long.MaxValue,
                (connection, _) => LandingZoneStore.Exists(connection, zone.Id) ? null : Missing, cancellation)
            : clean.Failure;
    }

    public static IReadOnlyList<FileVersion> ListSamples(SqliteConnection connection, LandingZoneRow zone) =>
        FileStore.List(connection, zone.Folder + Samples);

    public async Task<Outcome<bool>> DeleteSampleAsync(LandingZoneRow zone, string name) =>
        await files.DeleteAsync(zone.Folder + Samples + name) ? true : Failure.NotFound("file not found");

    public async Task DeleteFileAsync(LandingFileRow file)
    {
        if (await files.DeleteAsync(file.Key, connection => LandingFileStore.Delete(connection, file.Key)))
            return;
        // The file was gone already: its row must not outlive it.
        await database.WriteAsync(connection =>
        {
            LandingFileStore.Delete(connection, file.Key);
            return true;
        });
    }

    private static Failure Missing => Failure.NotFound("landing zone not found");

    private (string Name, string Key) Reserve(LandingZoneRow zone, string clean)
    {
        var now = time.GetUtcNow();
        for (var number = 1; ; number++)
        {
            var name = LandingFileName.Stamped(clean, now, number);
            var key = zone.Folder + name;
            if (!_taken.TryAdd(key, true))
                continue;
            if (database.Read(connection => FileStore.FindHead(connection, key)) is null)
                return (name, key);
            _taken.TryRemove(key, out _);
        }
    }
}

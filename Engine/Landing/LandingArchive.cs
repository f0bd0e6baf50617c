using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Landing;

/// <summary>
/// Moves landing files that runs have read for good to <c>{ns}/landing/{zone}/_processed/{run}/…</c>. Which files these are was decided by the
/// commit of each run; the moves come after it and can be repeated, so whatever stops them here is made up for later.
/// </summary>
internal sealed class LandingArchive(MetadataDatabase database, UserFiles files, TimeProvider time, ILogger<LandingArchive> logger)
{
    // {ns}/landing/{zone}/_processed/{run}/…
    private const int ZoneIndex = 2;
    private const int RunIndex = 4;

    /// <summary>Moves what a run has consumed, and what is left in the same zones from runs that have ended.</summary>
    /// <param name="last">The last line of the run's log.</param>
    /// <param name="isActive">Whether a run is still in this process: it moves its own.</param>
    /// <returns>Lines for the run's log, <paramref name="last"/> the last of them; they are stored.</returns>
    public async Task<IReadOnlyList<RunLogLine>> MoveAsync(Guid runId, ConsumedFiles consumed, RunLogLine last, Func<Guid, bool> isActive)
    {
        List<RunLogLine> lines = [];
        foreach (var zone in consumed.Zones)
        {
            var moved = await MoveZoneAsync(zone, runId, isActive);
            var ofRun = moved.GetValueOrDefault(runId) ?? [];
            if (ofRun.Count == 0)
                ofRun = [Line("info", $"No files to archive in landing zone '{NameOf(zone)}'")];
            lines.AddRange(ofRun);
        }

        lines.Add(last);
        await database.WriteAsync(connection => Append(connection, runId, lines));
        return lines;
    }

    /// <summary>Moves what earlier processes have left. What can't be moved is logged and stays marked as read.</summary>
    public async Task MovePendingAsync(Func<Guid, bool> isActive, CancellationToken cancellation)
    {
        var zones = database.Read(connection => FileStore.ToArchive(connection, ""))
            .Select(pending => string.Join('/', pending.File.Key.Split('/')[..(ZoneIndex + 1)]) + "/").Distinct().ToList();
        foreach (var zone in zones)
        {
            cancellation.ThrowIfCancellationRequested();
            await MoveZoneAsync(zone, currentRun: null, isActive);
        }
    }

    // Lines by run. Those of other runs than the current one are stored.
    private async Task<Dictionary<Guid, List<RunLogLine>>> MoveZoneAsync(string zone, Guid? currentRun, Func<Guid, bool> isActive)
    {
        var pending = database.Read(connection => FileStore.ToArchive(connection, zone))
            .Where(move => RunOf(move.ArchiveKey) is var run && (run == currentRun || !isActive(run))).ToList();
        if (pending.Count == 0)
            return [];
        var runs = pending.ToDictionary(move => move.File, move => RunOf(move.ArchiveKey));
        var lines = new Dictionary<Guid, List<RunLogLine>>();
        var failed = await files.ArchiveAsync(pending, (connection, moved) =>
        {
            foreach (var file in moved)
                LandingFileStore.Delete(connection, file.Key);
            foreach (var ofRun in moved.GroupBy(file => runs[file]))
            {
                var count = ofRun.Count();
                lines[ofRun.Key] = [Line("info", $"Archived {count} {(count == 1 ? "file" : "files")} from landing zone '{NameOf(zone)}'")];
                if (ofRun.Key != currentRun)
                    Append(connection, ofRun.Key, lines[ofRun.Key]);
            }
        });
        foreach (var ofRun in failed.GroupBy(failure => runs[failure.File]))
        {
            var (count, cause) = (ofRun.Count(), ofRun.First().Cause);
            logger.NotArchived(cause, count, zone, ofRun.Key);
            lines.TryAdd(ofRun.Key, []);
            lines[ofRun.Key].Add(Line("warn", $"Failed to archive {count} of {runs.Values.Count(run => run == ofRun.Key)} files from landing zone "
                + $"'{NameOf(zone)}': {ReasonOf(cause)}; they are not read again, and are moved later"));
        }

        return lines;
    }

    private static bool Append(SqliteConnection connection, Guid runId, IReadOnlyList<RunLogLine> lines)
    {
        // A run may have been purged since.
        if (RunStore.Find(connection, runId) is null)
            return false;
        RunLogStore.Append(connection, runId, RunLogStore.Count(connection, runId), lines);
        return true;
    }

    private static Guid RunOf(string archiveKey) => Guid.Parse(archiveKey.Split('/')[RunIndex]);

    private RunLogLine Line(string level, string message) => new(time.GetUtcNow(), level, message);

    // {ns}/{zone}
    private static string NameOf(string folder)
    {
        var segments = folder.Split('/');
        return $"{segments[0]}/{segments[ZoneIndex]}";
    }

    private static string ReasonOf(Exception cause) => cause switch
    {
        _ when FullDisk.Caused(cause) => FullDisk.Failure.Message,
        FileNotFoundException => "the file is missing in the data directory",
        _ => "the data directory could not be written",
    };
}

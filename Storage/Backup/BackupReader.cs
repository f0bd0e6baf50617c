using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Rat.Storage.Backup;

/// <summary>What was read of a backup.</summary>
/// <param name="At">Everything that had been committed then is in it.</param>
/// <param name="Segments">How many came after the base.</param>
internal sealed record ReadBackup(DateTimeOffset At, int Epoch, int Segments);

/// <summary>Builds the newest state of a backup: the newest base of the newest epoch that has one, and on it every segment from its number on.</summary>
internal sealed class BackupReader(BackupBucket bucket)
{
    // Fetched ahead: a segment can be some tens of MB.
    private const int SegmentsAtOnce = 4;

    /// <param name="file">Is written over. What it holds after a failure is good for nothing.</param>
    public async Task<Outcome<ReadBackup>> ReadAsync(string file, CancellationToken cancellation)
    {
        var stored = await bucket.ListAsync(cancellation);
        if (stored.Where(candidate => candidate.IsBase).MaxBy(candidate => (candidate.Epoch, candidate.Number)) is not { } newest)
            return Failure.NotFound($"there is no backup at {bucket.Settings.Uri}");
        var segments = stored.Where(candidate => !candidate.IsBase && candidate.Epoch == newest.Epoch && candidate.Number >= newest.Number)
            .OrderBy(segment => segment.Number).ToList();
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Number != newest.Number + i)
                return Damaged(newest with { IsBase = false, Number = newest.Number + i }, "is missing");
        }

        using var database = File.OpenHandle(file, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        return await ApplyAsync([newest, .. segments], database, cancellation);
    }

    private async Task<Outcome<ReadBackup>> ApplyAsync(List<BackupObject> objects, SafeFileHandle database, CancellationToken cancellation)
    {
        var coming = new Queue<Task<Stream?>>();
        PageSetHeader? last = null;
        var next = 1;
        try
        {
            for (var i = 0; i < objects.Count; i++)
            {
                for (; next < objects.Count && coming.Count < SegmentsAtOnce; next++)
                    coming.Enqueue(FetchAsync(objects[next], cancellation));
                // A base may be far larger than the memory.
                await using var bytes = await (i == 0 ? bucket.OpenAsync(objects[0], cancellation) : coming.Dequeue());
                if (bytes is null)
                    return Damaged(objects[i], "is missing: a server may be at work there, try again");
                var header = await PageSetReader.ApplyAsync(bytes, objects[i], database, cancellation);
                if (header is null || (last is not null && (last.Run, last.PageSize) != (header.Run, header.PageSize)))
                    return Damaged(objects[i], "is damaged");
                last = header;
            }

            RandomAccess.SetLength(database, (long)last!.DatabasePages * last.PageSize);
            RandomAccess.FlushToDisk(database);
            return new ReadBackup(last.At, objects[0].Epoch, objects.Count - 1);
        }
        finally
        {
            await ((Task)Task.WhenAll(coming)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Stream?> FetchAsync(BackupObject segment, CancellationToken cancellation)
    {
        await using var bytes = await bucket.OpenAsync(segment, cancellation);
        if (bytes is null)
            return null;
        var memory = new MemoryStream();
        await bytes.CopyToAsync(memory, cancellation);
        memory.Position = 0;
        return memory;
    }

    private Failure Damaged(BackupObject part, string what) => Failure.Unavailable(string.Create(
        CultureInfo.InvariantCulture, $"the backup at {bucket.Settings.Uri} can't be restored: {part.Key("")} {what}"));
}

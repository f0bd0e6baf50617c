using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>Stores the lines of a long run while it executes, so that a crash loses at most the last second of them. A run that ends sooner
/// stores all its lines in the transaction that ends it, and costs no write of its own.</summary>
internal sealed class RunLogFlusher(MetadataDatabase database, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(800);

    /// <summary>Runs until <paramref name="finished"/>.</summary>
    public async Task FlushUntilAsync(ActiveRun run, CancellationToken finished)
    {
        try
        {
            var stored = 0;
            while (true)
            {
                var (_, _, changed) = run.Log.From(stored);
                if (run.Log.Count == stored)
                    await changed.WaitAsync(finished);
                await Task.Delay(Interval, time, finished);
                stored += await StoreAsync(run, stored);
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
        }
    }

    private async Task<int> StoreAsync(ActiveRun run, int position)
    {
        var (lines, _, _) = run.Log.From(position);
        try
        {
            return await database.WriteAsync(connection =>
            {
                RunLogStore.Append(connection, run.Id, position, lines);
                return lines.Count;
            }, CancellationToken.None);
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // A full disk must not end the run here: the lines stay in memory and are tried again, at the latest with the run's end.
            return 0;
        }
    }
}

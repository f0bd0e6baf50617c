using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>When a server is killed.</summary>
internal enum KillKind
{
    /// <summary>Whatever it is doing.</summary>
    AnyTime,

    /// <summary>While a large result is being written into a data file.</summary>
    DuringCopy,

    /// <summary>Between the first Iceberg file of a commit and the commit.</summary>
    BeforeCommit,

    /// <summary>While four runs are going at once.</summary>
    FourRuns,

    /// <summary>While large files are being uploaded.</summary>
    DuringUploads,

    /// <summary>While it is recovering from the kill before.</summary>
    AtStart,
}

/// <summary>Waits for the moment of a kill.</summary>
internal sealed class KillMoment(DataFolder folder, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Returns when the server is to be killed, at the latest after a while; false when the moment didn't come.</summary>
    public Task<bool> WaitAsync(KillKind kind, RatApi api) => kind switch
    {
        KillKind.DuringCopy => CopyAsync(),
        KillKind.BeforeCommit => IcebergFileAsync(),
        KillKind.FourRuns => FourRunsAsync(api),
        _ => DelayAsync(2500),
    };

    private async Task<bool> DelayAsync(int longest)
    {
        await Task.Delay(random.Next(longest));
        return true;
    }

    // A data file that grows is one that a COPY is writing.
    private async Task<bool> CopyAsync()
    {
        var sizes = new Dictionary<string, long>();
        var found = await PollAsync(async () =>
        {
            var grown = false;
            foreach (var file in new DirectoryInfo(folder.Lake).EnumerateFiles("*.parquet", SearchOption.AllDirectories))
            {
                grown |= sizes.TryGetValue(file.FullName, out var size) && file.Length > size;
                sizes[file.FullName] = file.Length;
            }

            await Task.Delay(5);
            return grown;
        });
        return found && await DelayAsync(200);
    }

    private async Task<bool> IcebergFileAsync()
    {
        var left = random.Next(12);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder.Lake) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName };
        watcher.Created += (_, created) => Count(created.FullPath);
        watcher.Renamed += (_, renamed) => Count(renamed.FullPath);
        watcher.EnableRaisingEvents = true;
        try
        {
            await reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            return false;
        }

        // Up to the time that a commit takes from here.
        Thread.SpinWait(random.Next(20_000));
        return true;

        void Count(string path)
        {
            if ((path.EndsWith(".avro", StringComparison.Ordinal) || path.EndsWith(".metadata.json", StringComparison.Ordinal)) && left-- == 0)
                reached.TrySetResult();
        }
    }

    private async Task<bool> FourRunsAsync(RatApi api) => await PollAsync(async () => await api.RunningAsync() >= 4) && await DelayAsync(150);

    private static async Task<bool> PollAsync(Func<Task<bool>> reached)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            if (await reached())
                return true;
        }

        return false;
    }
}

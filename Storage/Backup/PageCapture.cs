using Rat.Storage.Metadata;

namespace Rat.Storage.Backup;

/// <summary>What was committed since the last cut.</summary>
/// <param name="Since">When the first change was committed; null without any.</param>
/// <param name="At">The cut's own time.</param>
/// <param name="Start">The state that the database has with the changes, where it was asked for: to be disposed.</param>
internal sealed record PageCut(PageChanges Changes, DateTimeOffset? Since, DateTimeOffset At, MetadataSnapshot? Start);

/// <summary>Gathers the pages that each commit writes. All but what says so is done by the thread that writes, between its transactions or in them.</summary>
/// <param name="ask">Is told by which time the changes should be shipped.</param>
internal sealed class PageCapture(MetadataDatabase database, TimeSpan interval, TimeProvider time, Action<TimeSpan> ask) : ICommitObserver, IDisposable
{
    // What gathers while the store can't be reached. Past it a new copy of the whole costs less than these.
    private const long MostBytes = 64 << 20;

    // What a run's commit changes, and what takes names from files.
    private const ListedTables Urgent = ListedTables.LakeTables | ListedTables.Files;

    private readonly WalTail _log = new(database.Log);
    private PageChanges _changes = new();
    private long _unshippedSince;
    private volatile bool _isBroken = true;

    // Held while the log is read, so that it isn't closed meanwhile.
    private readonly Lock _reading = new();

    /// <summary>Something may have been missed: only <see cref="BeginAsync"/> helps. For any thread.</summary>
    public bool IsBroken => _isBroken;

    /// <summary>When the oldest change was committed that was not cut off yet. For any thread.</summary>
    public DateTimeOffset? UnshippedSince => Interlocked.Read(ref _unshippedSince) is not 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Begins anew with the state that is returned. For any thread.</summary>
    public Task<PageCut> BeginAsync() => WriteAsync(() =>
    {
        _log.SkipAll();
        _changes = new PageChanges();
        _isBroken = false;
        return Cut(withStart: true);
    });

    /// <summary>Takes what has gathered, up to the last commit before this was asked for. For any thread.</summary>
    /// <param name="withStart">Whether the state is asked for that the database has with it.</param>
    public Task<PageCut> CutAsync(bool withStart) => WriteAsync(() => Cut(withStart));

    public void Committed(ListedTables touched)
    {
        lock (_reading)
        {
            if (_isBroken || !TryRead())
                return;
        }

        ask((touched & Urgent) == 0 ? interval : TimeSpan.Zero);
    }

    public void Dispose()
    {
        lock (_reading)
        {
            _isBroken = true;
            _log.Dispose();
        }
    }

    // False when there is nothing to ship.
    private bool TryRead()
    {
        try
        {
            if (_log.TryRead(_changes) && _changes.Bytes <= MostBytes)
            {
                if (!_changes.IsEmpty && Interlocked.Read(ref _unshippedSince) == 0)
                    Interlocked.Exchange(ref _unshippedSince, time.GetUtcNow().UtcTicks);
                return !_changes.IsEmpty;
            }
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
        }

        _isBroken = true;
        _changes = new PageChanges();
        return true;
    }

    private async Task<PageCut> WriteAsync(Func<PageCut> work)
    {
        PageCut? cut = null;
        try
        {
            return await database.WriteAsync(_ => cut = work());
        }
        catch
        {
            // It may have been taken, and then given to nobody.
            _isBroken = true;
            cut?.Start?.Dispose();
            throw;
        }
    }

    // A reader that begins within the writer's transaction sees the last one before it, which is what was read of the log.
    private PageCut Cut(bool withStart)
    {
        var cut = new PageCut(_changes, UnshippedSince, time.GetUtcNow(), withStart ? database.OpenSnapshot() : null);
        _changes = new PageChanges();
        Interlocked.Exchange(ref _unshippedSince, 0);
        return cut;
    }
}

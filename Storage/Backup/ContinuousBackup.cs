using Rat.Storage.Metadata;

namespace Rat.Storage.Backup;

/// <summary>
/// Ships the changes of the metadata to a bucket while the server runs: the pages that commits write as segments, and now and then all pages as a
/// base. An epoch begins with a base, at each start and whenever changes may have been missed. Until that is in the bucket, the epoch before is
/// what would be restored, and stays; what is older than the newest base is removed.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>Something has asked: a commit for the interval's end, a run's commit or <see cref="ShipAsync"/> at once.</item>
/// <item>The backup must still be this data directory's: another one that was restored from it may have taken it over.</item>
/// <item>What has gathered is cut off and becomes a segment; when a base is wanted, the state right behind it is what the base holds.</item>
/// <item>The segment is put, again and again until the store has it; the base comes beside it.</item>
/// </list>
/// </remarks>
#pragma warning disable CA1001 // It ends by StopAsync, after everything that the container disposes: what that writes at its end is shipped as well.
internal sealed class ContinuousBackup
#pragma warning restore CA1001
{
    private static readonly TimeSpan OwnerIsKnownFor = TimeSpan.FromSeconds(30);

    private readonly BackupBucket _bucket;
    private readonly MetadataDatabase _database;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BaseUploads _bases;
    private readonly ShipTimer _timer;
    private readonly PageCapture _capture;
    private readonly Outage _outage;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ShippedStates _states = new();
    private readonly DataDirectory _directory;

    // Of the loop alone.
    private string? _id;
    private int _epoch;
    private long _run;
    private long _next;
    private volatile Segment? _segment;
    private long _ownerSeenAt;

    private Task _loop = Task.CompletedTask;
    private volatile Failure? _ended;
    private long _segments;

    public ContinuousBackup(BackupSettings settings, DataDirectory directory, MetadataDatabase database, TimeProvider time, ILogger<ContinuousBackup> logger)
    {
        (_directory, _database, _time, _logger) = (directory, database, time, logger);
        _bucket = new BackupBucket(settings, time);
        _timer = new ShipTimer(time);
        _capture = new PageCapture(database, settings.Interval, time, _timer.Ask);
        _outage = new Outage(settings.Uri, logger);
        _bases = new BaseUploads(_bucket, directory.Temporary, new Outage(settings.Uri, logger), time)
        {
            Owns = () => _bucket.IsOwnerAsync(_id!, _stopping.Token),
            IsUp = _states.BaseIsUp,
            Again = _timer.Ask,
        };
    }

    /// <summary>In a data directory's temporary folder: where its running server ships to.</summary>
    public static string MarkIn(string temporary) => Path.Combine(temporary, "backup-to");

    /// <summary>All that had been committed then can be restored; null before the first time.</summary>
    public DateTimeOffset? LastShippedAt => _states.LastAt;

    /// <summary>When the oldest change was committed that can't be restored; null when all can.</summary>
    public DateTimeOffset? UnshippedSince => _states.BaseMissingSince ?? _segment?.Cut.Since ?? _capture.UnshippedSince;

    /// <summary>Why changes don't get to the bucket; null while they do.</summary>
    public Failure? Problem => _ended ?? _outage.Problem ?? _bases.Problem;

    /// <summary>Segments that were put.</summary>
    public long Segments => Interlocked.Read(ref _segments);

    /// <summary>Bytes that were sent to the bucket, those of failed tries not counted.</summary>
    public long Bytes => _bucket.Counters.BytesSent.Value;

    /// <summary>Begins.</summary>
    public void Start()
    {
        _states.EpochBegun(_time.GetUtcNow());
        _database.Observe(_capture);
        _timer.Ask(TimeSpan.Zero);
        _loop = Task.Run(() => LoopAsync());
    }

    /// <summary>Returns once everything that had been committed before can be restored from the bucket; however long the store can't be reached.</summary>
    /// <returns>Null; or why it never will be.</returns>
    public async Task<Failure?> ShipAsync(CancellationToken cancellation)
    {
        var shipped = _states.AwaitNext();
        if (_ended is { } failure)
            return failure;
        _timer.Ask(TimeSpan.Zero);
        return await shipped.WaitAsync(cancellation);
    }

    /// <summary>Ships the rest, if that can be within a time, and ends.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit, _time);
        try
        {
            _timer.Hurry();
            if (_ended is null)
                await ShipAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _logger.NotShippedAtStop(_bucket.Settings.Uri);
        }

        await _stopping.CancelAsync();
        await _loop;
        await _bases.StopAsync();
        _database.Observe(null);
        _ended ??= Failure.Unavailable("the server is stopping");
        _states.AnswerAll(_ended);
        _capture.Dispose();
        _timer.Dispose();
        _bases.Dispose();
        _bucket.Dispose();
        _stopping.Dispose();
    }

    private async Task LoopAsync()
    {
        while (!_stopping.IsCancellationRequested && _ended is null)
        {
            try
            {
                await _timer.WaitAsync(_stopping.Token);
                if (_id is null)
                    await ClaimAsync();
                if (_ended is null)
                    await ShipOnceAsync();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            // Whatever it is: a server whose changes are silently shipped no more is worse than one that tries in vain.
            catch (Exception failure)
            {
                _timer.Ask(_outage.Failed(failure.Message));
            }
        }

        if (_ended is not null)
            _states.AnswerAll(_ended);
    }

    private async Task ClaimAsync()
    {
        await File.WriteAllTextAsync(MarkIn(_directory.Temporary), _bucket.Settings.Uri);
        var id = (await _database.WriteAsync(connection => InstanceStore.Ensure(connection))).Id;
        if (await _bucket.ClaimAsync(id, _stopping.Token) is { } refused)
        {
            if (refused.Kind != FailureKind.Conflict)
                throw new IOException(refused.Message);
            End(refused);
            return;
        }

        await _bucket.AbandonUploadsAsync(_stopping.Token);
        _id = id;
        _ownerSeenAt = _time.GetTimestamp();
        _logger.Shipping(_bucket.Settings.Uri);
    }

    private async Task ShipOnceAsync()
    {
        // Whoever comes before the cut finds everything in it.
        var awaiting = _states.TakeWaiters();
        try
        {
            // 2. Whoever waits may be about to delete what only an older state names.
            if (awaiting.Count > 0 || _time.GetElapsedTime(_ownerSeenAt) > OwnerIsKnownFor)
                await LookAtOwnerAsync();
            if (_ended is not null)
                return;

            // 3. and 4. What a try before this one has cut off comes first.
            if (_segment is not null)
                await PutAsync(_segment);
            await (_capture.IsBroken ? BeginEpochAsync(awaiting) : CutAsync(awaiting));
            awaiting = [];
        }
        finally
        {
            _states.PutBack(awaiting);
        }

        if (_segment is not null)
            await PutAsync(_segment);
    }

    private async Task LookAtOwnerAsync()
    {
        if (await _bucket.IsOwnerAsync(_id!, _stopping.Token))
            _ownerSeenAt = _time.GetTimestamp();
        else
            End(Failure.Conflict("it belongs to another data directory now, one that was restored from it"));
    }

    private async Task BeginEpochAsync(ShippedStates.Waiters awaiting)
    {
        await _bases.StopAsync();
        var newest = await _bucket.NewestEpochAsync(_stopping.Token);
        _outage.Succeeded();
        var epoch = await _database.WriteAsync(connection => InstanceStore.BeginEpoch(connection, newest));
        var cut = await _capture.BeginAsync();
        (_epoch, _run, _next) = (epoch, Random.Shared.NextInt64(), 0);
        _states.EpochBegun(cut.At);
        _states.Shipped(awaiting, cut.At);
        _bases.Begin(new BackupObject(_epoch, IsBase: true, _next), _run, cut);
    }

    private async Task CutAsync(ShippedStates.Waiters awaiting)
    {
        var cut = await _capture.CutAsync(_bases.IsOneWanted);
        if (cut.Changes.IsEmpty)
        {
            _outage.Succeeded();
            _states.Shipped(awaiting, cut.At);
        }
        else
        {
            _segment = new Segment(new BackupObject(_epoch, IsBase: false, _next++), cut, awaiting);
        }

        if (cut.Start is not null)
            _bases.Begin(new BackupObject(_epoch, IsBase: true, _next), _run, cut);
    }

    private async Task PutAsync(Segment segment)
    {
        await using (var bytes = PageSetWriter.Segment(segment.Name, _run, segment.Cut))
        {
            await _bucket.PutAsync(segment.Name, bytes, _stopping.Token);
            _bases.Count(bytes.Length);
        }

        Interlocked.Increment(ref _segments);
        _segment = null;
        _outage.Succeeded();
        _states.Shipped(segment.Awaiting, segment.Cut.At);
    }

    private void End(Failure failure)
    {
        _ended = failure;
        _logger.Ended(_bucket.Settings.Uri, failure.Message);
    }

    private sealed record Segment(BackupObject Name, PageCut Cut, ShippedStates.Waiters Awaiting);
}

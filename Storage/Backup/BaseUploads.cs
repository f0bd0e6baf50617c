namespace Rat.Storage.Backup;

/// <summary>Brings bases into the bucket, one at a time, beside the segments.</summary>
internal sealed class BaseUploads(BackupBucket bucket, string temporary, Outage outage, TimeProvider time) : IDisposable
{
    // A restore reads the segments since the base: no more of them than there is of it, unless they are few anyway.
    private const long FewBytes = 4 << 20;
    private const int MostSegments = 4000;

    private CancellationTokenSource _stopping = new();
    private Task _upload = Task.CompletedTask;

    // Since the newest base was begun, and the size of that one.
    private int _segments;
    private long _segmentBytes;
    private long _baseBytes;

    private long _notBefore;
    private volatile bool _isMissing = true;

    /// <summary>Whether the backup is still this data directory's.</summary>
    public required Func<Task<bool>> Owns { get; init; }

    /// <summary>Called once a base is in the bucket.</summary>
    public required Action IsUp { get; init; }

    /// <summary>Asks for another round after a time.</summary>
    public required Action<TimeSpan> Again { get; init; }

    /// <inheritdoc cref="Outage.Problem"/>
    public Failure? Problem => outage.Problem;

    /// <summary>Whether the next cut should be the start of a base.</summary>
    public bool IsOneWanted => _upload.IsCompleted && time.GetTimestamp() >= Interlocked.Read(ref _notBefore)
        && (_isMissing || _segments > MostSegments || _segmentBytes > Math.Max(Interlocked.Read(ref _baseBytes), FewBytes));

    /// <summary>A segment is in the bucket.</summary>
    public void Count(long bytes)
    {
        _segments++;
        _segmentBytes += bytes;
    }

    /// <summary>Brings the state of a cut into the bucket.</summary>
    public void Begin(BackupObject name, long run, PageCut cut)
    {
        if (name.Number == 0)
            _isMissing = true;
        (_segments, _segmentBytes) = (0, 0);
        _upload = Task.Run(() => UploadAsync(name, run, cut, _stopping.Token));
    }

    /// <summary>Gives up the base that is on its way.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _upload;
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task UploadAsync(BackupObject name, long run, PageCut cut, CancellationToken cancellation)
    {
        try
        {
            using var image = Make(name, run, cut, cancellation);
            await UntilItIsThereAsync(name, image, cancellation);
            Interlocked.Exchange(ref _baseBytes, image.Length);
            _isMissing = false;
            IsUp();
            await RemoveOlderAsync(name, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
        }
        catch (Exception failure)
        {
            // It can't be made, most likely since the disk is full. Another one, of a later state, may be.
            var pause = outage.Failed(failure.Message);
            Interlocked.Exchange(ref _notBefore, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
            Again(pause);
        }
    }

    private BaseImage Make(BackupObject name, long run, PageCut cut, CancellationToken cancellation)
    {
        using (cut.Start)
            return BaseImage.Make(cut.Start!.Connection, temporary, name, run, cut.At, cancellation);
    }

    private async Task UntilItIsThereAsync(BackupObject name, BaseImage image, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using (var bytes = image.Open())
                    await bucket.PutAsync(name, bytes, cancellation);
                outage.Succeeded();
                return;
            }
            catch (IOException failure)
            {
                await Task.Delay(outage.Failed(failure.Message), time, cancellation);
            }
        }
    }

    private async Task RemoveOlderAsync(BackupObject name, CancellationToken cancellation)
    {
        try
        {
            if (await Owns())
                await bucket.RemoveBeforeAsync(name, cancellation);
        }
        catch (IOException)
        {
            // What stays needs room and nothing else: the next base removes it.
        }
    }
}

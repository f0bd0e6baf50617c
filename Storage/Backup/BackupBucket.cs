using Rat.Storage.Objects.S3;

namespace Rat.Storage.Backup;

/// <summary>The objects of a backup in their bucket. What the store doesn't do is an <see cref="S3Exception"/>.</summary>
internal sealed class BackupBucket : IDisposable
{
    private const int DeletesAtOnce = 4;

    private readonly BackupSettings _settings;
    private readonly S3Client _client;
    private readonly S3ObjectStore _store;

    public BackupBucket(BackupSettings settings, TimeProvider time)
    {
        _settings = settings;
        _client = new S3Client(settings.Bucket, Counters, time, Random.Shared);
        _store = new S3ObjectStore(_client, Counters);
    }

    public BackupSettings Settings => _settings;

    public S3Counters Counters { get; } = new();

    /// <summary>Null when the backup belongs to the data directory, from now on if it was nobody's; else why it can't.</summary>
    /// <param name="id">The data directory's.</param>
    public Task<Failure?> ClaimAsync(string id, CancellationToken cancellation) => BucketOwner.ClaimAsync(_client, id, cancellation, _settings.Marks);

    /// <summary>Whether the backup is still the data directory's.</summary>
    public Task<bool> IsOwnerAsync(string id, CancellationToken cancellation) => BucketOwner.IsOwnerAsync(_client, id, cancellation, _settings.Marks);

    /// <summary>Makes it the data directory's, whoever had it.</summary>
    public Task TakeOverAsync(string id, CancellationToken cancellation) => BucketOwner.TakeOverAsync(_client, id, cancellation, _settings.Marks);

    /// <summary>Gives up what a process has left that ended while it put a base. For the owner, before it puts anything.</summary>
    public Task AbandonUploadsAsync(CancellationToken cancellation) =>
        LeftUploads.AbandonAsync(_client, DateTime.MaxValue, cancellation, _settings.Prefix);

    /// <summary>All objects of the backup.</summary>
    public async Task<List<BackupObject>> ListAsync(CancellationToken cancellation) =>
        await _client.ListAsync(_settings.Prefix, cancellation)
            .Select(stored => BackupObject.Parse(stored.Key, _settings.Prefix))
            .OfType<BackupObject>().ToListAsync(cancellation);

    /// <summary>The newest epoch; 0 when there is none.</summary>
    public async Task<int> NewestEpochAsync(CancellationToken cancellation) =>
        (await ListAsync(cancellation)).Select(stored => stored.Epoch).DefaultIfEmpty(0).Max();

    /// <summary>The newest epoch that has a base, the one that is restored; 0 when there is none.</summary>
    public async Task<int> NewestRestorableEpochAsync(CancellationToken cancellation) =>
        (await ListAsync(cancellation)).Where(stored => stored.IsBase).Select(stored => stored.Epoch).DefaultIfEmpty(0).Max();

    public async Task PutAsync(BackupObject name, Stream content, CancellationToken cancellation)
    {
        var stored = await _store.PutAsync(name.Key(_settings.Prefix), content, long.MaxValue, cancellation);
        if (!stored.Succeeded)
            throw new IOException(stored.Failure.Message);
    }

    /// <summary>Null when there is no such object.</summary>
    public Task<Stream?> OpenAsync(BackupObject name, CancellationToken cancellation) => _store.OpenAsync(name.Key(_settings.Prefix), cancellation);

    /// <summary>Removes all that nobody needs to restore from a base, or what came after it.</summary>
    public async Task RemoveBeforeAsync(BackupObject kept, CancellationToken cancellation)
    {
        var needless = (await ListAsync(cancellation)).Where(stored => stored.Epoch < kept.Epoch || (stored.Epoch == kept.Epoch && stored.Number < kept.Number));
        await Parallel.ForEachAsync(
            needless, new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancellation },
            async (stored, _) => await _store.DeleteAsync(stored.Key(_settings.Prefix)));
    }

    public void Dispose() => _client.Dispose();
}

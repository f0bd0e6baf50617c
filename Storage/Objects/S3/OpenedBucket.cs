namespace Rat.Storage.Objects.S3;

/// <summary>A bucket that belongs to this data directory, and can be written.</summary>
/// <param name="OpenedAt">UTC, by the store's clock: what was written before is older.</param>
internal sealed record OpenedBucket(S3Client Client, S3Counters Counters, DateTime OpenedAt) : IDisposable
{
    /// <param name="id">The data directory's.</param>
    /// <returns><see cref="FailureKind.Unavailable"/> when the bucket can't be used; <see cref="FailureKind.Conflict"/> when it belongs to another
    /// data directory.</returns>
    public static async Task<Outcome<OpenedBucket>> OpenAsync(S3Settings settings, string id, CancellationToken cancellation)
    {
        var counters = new S3Counters();
        var client = new S3Client(settings, counters, TimeProvider.System, Random.Shared);
        var opened = await new S3ObjectStore(client, counters).OpenAsync(cancellation);
        if (opened.Succeeded)
        {
            if (await BucketOwner.ClaimAsync(client, id, cancellation) is not { } refused)
                return new OpenedBucket(client, counters, opened.Value);
            client.Dispose();
            return refused;
        }

        client.Dispose();
        return opened.Failure;
    }

    public void Dispose() => Client.Dispose();
}

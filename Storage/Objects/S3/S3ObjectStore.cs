namespace Rat.Storage.Objects.S3;

/// <summary>Objects in a bucket, by their keys.</summary>
internal sealed class S3ObjectStore(S3Client client, S3Counters counters) : IObjectStore
{
    /// <summary>What begins with it is about the bucket itself: no user's file does.</summary>
    public const string Own = ".rat/";

    public async Task<Outcome<long>> PutAsync(string key, Stream content, long largest, CancellationToken cancellation)
    {
        try
        {
            return await new StreamedPut(client, key, largest).PutAsync(content, cancellation);
        }
        catch (S3Exception failed)
        {
            return Failure.Unavailable($"{failed.Message}: nothing was stored");
        }
    }

    public async Task<Stream?> OpenAsync(string key, CancellationToken cancellation) =>
        await S3ObjectStream.OpenAsync(client, counters, key, cancellation);

    public async Task CopyAsync(string key, string target)
    {
        var source = $"/{client.Settings.Bucket}/{S3Settings.EncodedKey(key)}";
        try
        {
            var head = await client.TellAsync(new S3Request(HttpMethod.Head, key), CancellationToken.None);
            if (head.Length > client.Settings.LargestCopy)
                await CopyInPartsAsync(source, head, target);
            else
                await client.AskAsync(new S3Request(HttpMethod.Put, target) { Headers = [("x-amz-copy-source", source)], IsData = true }, CancellationToken.None);
        }
        catch (S3Exception missing) when (missing.IsMissingObject)
        {
            throw new FileNotFoundException(key);
        }
    }

    public async Task DeleteAsync(string key)
    {
        try
        {
            await client.TellAsync(new S3Request(HttpMethod.Delete, key), CancellationToken.None);
        }
        catch (S3Exception missing) when (missing.IsMissingObject)
        {
        }
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation) => client.ListAsync(prefix, cancellation);

    public async Task<Failure?> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await client.AskAsync(new S3Request(HttpMethod.Get, "") { Query = [("list-type", "2"), ("max-keys", "1")] }, cancellation);
            return null;
        }
        catch (S3Exception failed)
        {
            return Failure.Unavailable(failed.Message);
        }
    }

    /// <summary>As <see cref="CheckAsync"/>, and whether objects can be written and removed: for a start.</summary>
    /// <returns>The time, UTC, by the store's clock.</returns>
    public async Task<Outcome<DateTime>> OpenAsync(CancellationToken cancellation)
    {
        if (await CheckAsync(cancellation) is { } failure)
            return failure;
        try
        {
            var probe = $"{Own}probe-{Guid.NewGuid():N}";
            await client.PutAsync(probe, new byte[1], cancellation);
            var found = await client.ListAsync(probe, cancellation).FirstOrDefaultAsync(cancellation);
            await DeleteAsync(probe);
            return found is not null
                ? found.ModifiedAt
                : Failure.Unavailable($"the object store doesn't list what was just written to the bucket {client.Settings.Bucket}");
        }
        catch (S3Exception failed)
        {
            return Failure.Unavailable(failed.Message);
        }
    }

    private async Task CopyInPartsAsync(string source, S3Head head, string target)
    {
        var upload = await MultipartUpload.BeginAsync(client, target, head.Sha256, CancellationToken.None);
        try
        {
            for (long first = 0; first < head.Length; first += client.Settings.LargestCopy)
                await upload.CopyAsync(upload.NextPart(), source, first, Math.Min(first + client.Settings.LargestCopy, head.Length) - 1, CancellationToken.None);
            await upload.CompleteAsync(CancellationToken.None);
        }
        catch (S3Exception)
        {
            await upload.AbortAsync();
            throw;
        }
    }
}

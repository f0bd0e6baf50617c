namespace Rat.Storage.Objects.S3;

/// <summary>
/// The mark in a bucket that says to which data directory it belongs: what another one's database doesn't name would be swept, so two never
/// share a bucket. Not every store has conditional writes; this needs none: each puts a mark of its own and then looks for others. Whoever was
/// alone owns the bucket, since anyone later finds that mark; of two that find each other neither does.
/// </summary>
internal static class BucketOwner
{
    private const string Marks = S3ObjectStore.Own + "owner/";

    /// <summary>Null when the bucket belongs to the data directory, from now on if it was nobody's; else why it can't.</summary>
    /// <param name="id">The data directory's.</param>
    public static async Task<Failure?> ClaimAsync(S3Client client, string id, CancellationToken cancellation)
    {
        try
        {
            var owners = await OwnersAsync(client, cancellation);
            if (owners.Count == 0)
            {
                await client.PutAsync(Marks + id, ReadOnlyMemory<byte>.Empty, cancellation);
                owners = await OwnersAsync(client, cancellation);
                if (owners is not [var alone] || alone != id)
                    await client.TellAsync(new S3Request(HttpMethod.Delete, Marks + id), cancellation);
            }

            return owners is [var owner] && owner == id
                ? null
                : Failure.Conflict($"the bucket {client.Settings.Bucket} belongs to another data directory");
        }
        catch (S3Exception failed)
        {
            return Failure.Unavailable(failed.Message);
        }
    }

    private static async Task<List<string>> OwnersAsync(S3Client client, CancellationToken cancellation) =>
        await client.ListAsync(Marks, cancellation).Select(mark => mark.Key[Marks.Length..]).ToListAsync(cancellation);
}

namespace Rat.Storage.Objects.S3;

/// <summary>
/// The mark in a bucket that says to which data directory it belongs: what another one's database doesn't name would be swept, so two never
/// share a bucket. Not every store has conditional writes; this needs none: each puts a mark of its own and then looks for others. Whoever was
/// alone owns the bucket, since anyone later finds that mark; of two that find each other neither does.
/// </summary>
internal static class BucketOwner
{
    /// <summary>Where the marks of a bucket are that belongs to one data directory as a whole.</summary>
    public const string Marks = S3ObjectStore.Own + "owner/";

    /// <summary>Null when the bucket belongs to the data directory, from now on if it was nobody's; else why it can't.</summary>
    /// <param name="id">The data directory's.</param>
    /// <param name="marks">Of a part of the bucket, where there may be parts of others beside it.</param>
    public static async Task<Failure?> ClaimAsync(S3Client client, string id, CancellationToken cancellation, string marks = Marks)
    {
        try
        {
            var owners = await OwnersAsync(client, marks, cancellation);
            if (owners.Count == 0)
            {
                await client.PutAsync(marks + id, ReadOnlyMemory<byte>.Empty, cancellation);
                owners = await OwnersAsync(client, marks, cancellation);
                if (owners is not [var alone] || alone != id)
                    await client.TellAsync(new S3Request(HttpMethod.Delete, marks + id), cancellation);
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

    /// <summary>Whether the bucket belongs to the data directory and to no other one.</summary>
    /// <exception cref="S3Exception">The store doesn't tell.</exception>
    public static async Task<bool> IsOwnerAsync(S3Client client, string id, CancellationToken cancellation, string marks = Marks) =>
        await OwnersAsync(client, marks, cancellation) is [var owner] && owner == id;

    /// <summary>Gives the bucket to the data directory, whoever had it: a server of another one stops to write to it once it sees that.</summary>
    /// <exception cref="S3Exception">The store doesn't do it.</exception>
    public static async Task TakeOverAsync(S3Client client, string id, CancellationToken cancellation, string marks = Marks)
    {
        await client.PutAsync(marks + id, ReadOnlyMemory<byte>.Empty, cancellation);
        foreach (var owner in await OwnersAsync(client, marks, cancellation))
        {
            if (owner == id)
                continue;
            try
            {
                await client.TellAsync(new S3Request(HttpMethod.Delete, marks + owner), cancellation);
            }
            catch (S3Exception gone) when (gone.IsMissingObject)
            {
            }
        }
    }

    private static async Task<List<string>> OwnersAsync(S3Client client, string marks, CancellationToken cancellation) =>
        await client.ListAsync(marks, cancellation).Select(mark => mark.Key[marks.Length..]).ToListAsync(cancellation);
}

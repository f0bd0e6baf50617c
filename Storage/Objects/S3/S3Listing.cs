using System.Runtime.CompilerServices;

namespace Rat.Storage.Objects.S3;

/// <summary>Lists a bucket page by page ("ListObjectsV2").</summary>
internal static class S3Listing
{
    /// <exception cref="S3Exception">The store doesn't do it.</exception>
    public static async IAsyncEnumerable<StoredObject> ListAsync(
        this S3Client client, string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? next = null;
        do
        {
            var page = await client.AskAsync(
                new S3Request(HttpMethod.Get, "")
                {
                    Query =
                    [
                        .. next is null ? [] : new[] { ("continuation-token", next) },
                        ("encoding-type", "url"), ("list-type", "2"), ("prefix", prefix),
                    ],
                },
                cancellation);
            foreach (var stored in page.Objects())
                yield return stored;
            next = page.Find("IsTruncated") == "true" ? page.Find("NextContinuationToken") : null;
        }
        while (next is not null);
    }
}

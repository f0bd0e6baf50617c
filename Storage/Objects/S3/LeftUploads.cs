using System.Globalization;

namespace Rat.Storage.Objects.S3;

/// <summary>Uploads in parts that a process which died has left: nobody sees them, but the store keeps their parts.</summary>
internal static class LeftUploads
{
    /// <summary>Gives up those that were begun before. Returns how many.</summary>
    /// <param name="before">UTC, by the store's clock.</param>
    /// <param name="prefix">Of their keys.</param>
    /// <exception cref="S3Exception">The store doesn't do it.</exception>
    public static async Task<int> AbandonAsync(S3Client client, DateTime before, CancellationToken cancellation, string prefix = "")
    {
        var abandoned = 0;
        string? key = null;
        string? upload = null;
        do
        {
            var page = await client.AskAsync(
                new S3Request(HttpMethod.Get, "")
                {
                    Query =
                    [
                        ("encoding-type", "url"), .. key is null ? [] : new[] { ("key-marker", key) }, ("prefix", prefix),
                        .. key is null ? [] : new[] { ("upload-id-marker", upload ?? "") }, ("uploads", ""),
                    ],
                },
                cancellation);
            foreach (var left in Read(page).Where(left => left.BegunAt < before))
            {
                await AbandonAsync(client, left.Key, left.Id, cancellation);
                abandoned++;
            }

            var more = page.Find("IsTruncated") == "true";
            (key, upload) = more ? (S3Xml.Decoded(page.Find("NextKeyMarker") ?? ""), page.Find("NextUploadIdMarker")) : (null, null);
        }
        while (key is not null);
        return abandoned;
    }

    private static async Task AbandonAsync(S3Client client, string key, string id, CancellationToken cancellation)
    {
        try
        {
            await client.TellAsync(new S3Request(HttpMethod.Delete, key) { Query = [("uploadId", id)] }, cancellation);
        }
        catch (S3Exception gone) when (gone.Code == "NoSuchUpload")
        {
        }
    }

    // In the order of the reference ("ListMultipartUploads"), or in Swift's: the date may come before the names.
    private static IEnumerable<(string Key, string Id, DateTime BegunAt)> Read(IReadOnlyList<(string Name, string Text)> page)
    {
        var (key, id, begun) = ("", "", "");
        foreach (var (name, text) in page)
        {
            switch (name)
            {
                case "Key":
                    key = S3Xml.Decoded(text);
                    break;
                case "UploadId":
                    id = text;
                    break;
                case "Initiated":
                    begun = text;
                    break;
                case "Upload":
                    yield return (key, id, DateTime.Parse(begun, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
                    break;
            }
        }
    }
}

using System.Security;
using System.Text;

namespace Rat.Storage.Objects.S3;

/// <summary>An object that is put in parts, some of them side by side. Nothing of it is seen before it is completed.</summary>
internal sealed class MultipartUpload
{
    private readonly S3Client _client;
    private readonly string _key;
    private readonly string _id;
    private readonly string _mark;
    private readonly List<string> _tags = [];

    private MultipartUpload(S3Client client, string key, string id, string mark) => (_client, _key, _id, _mark) = (client, key, id, mark);

    /// <param name="sha256">Of all parts together, in lower-case hexadecimal; null when it isn't known.</param>
    public static async Task<MultipartUpload> BeginAsync(S3Client client, string key, string? sha256, CancellationToken cancellation)
    {
        var mark = Guid.NewGuid().ToString("N");
        var begun = await client.AskAsync(
            new S3Request(HttpMethod.Post, key)
            {
                Query = [("uploads", "")],
                Headers = [(S3Head.UploadHeader, mark), .. sha256 is null ? [] : new[] { (S3Head.Sha256Header, sha256) }],
            },
            cancellation);
        return new MultipartUpload(client, key, begun.Find("UploadId") ?? throw NotUnderstood(), mark);
    }

    /// <summary>Takes the next number for a part. Not to be called by two at once.</summary>
    public int NextPart()
    {
        _tags.Add("");
        return _tags.Count;
    }

    /// <summary>Sends a part; several may be under way.</summary>
    public async Task SendAsync(int number, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var sent = await _client.TellAsync(
            new S3Request(HttpMethod.Put, _key) { Query = Part(number), Body = bytes, IsData = true }, cancellation);
        _tags[number - 1] = sent.ETag ?? throw NotUnderstood();
    }

    /// <summary>Takes a part from another object.</summary>
    public async Task CopyAsync(int number, string source, long first, long last, CancellationToken cancellation)
    {
        var copied = await _client.AskAsync(
            new S3Request(HttpMethod.Put, _key)
            {
                Query = Part(number),
                Headers = [("x-amz-copy-source", source), ("x-amz-copy-source-range", $"bytes={first}-{last}")],
                IsData = true,
            },
            cancellation);
        _tags[number - 1] = copied.Find("ETag") ?? throw NotUnderstood();
    }

    public async Task CompleteAsync(CancellationToken cancellation)
    {
        var parts = string.Concat(_tags.Select((tag, index) => $"<Part><PartNumber>{index + 1}</PartNumber><ETag>{SecurityElement.Escape(tag)}</ETag></Part>"));
        var body = Encoding.UTF8.GetBytes($"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
        try
        {
            await _client.AskAsync(new S3Request(HttpMethod.Post, _key) { Query = [("uploadId", _id)], Body = body, IsData = true }, cancellation);
        }
        catch (S3Exception unknown) when (unknown.Code == "NoSuchUpload")
        {
            // An earlier request may have been carried out although its answer was lost: then the object is the one of this upload.
            var head = await _client.TellAsync(new S3Request(HttpMethod.Head, _key), cancellation);
            if (head.UploadId != _mark)
                throw;
        }
    }

    /// <summary>Gives up. A store that doesn't listen keeps parts that nobody sees.</summary>
    public async Task AbortAsync()
    {
        try
        {
            await _client.TellAsync(new S3Request(HttpMethod.Delete, _key) { Query = [("uploadId", _id)] }, CancellationToken.None);
        }
        catch (S3Exception)
        {
        }
    }

    private IReadOnlyList<(string Name, string Value)> Part(int number) => [("partNumber", $"{number}"), ("uploadId", _id)];

    private static S3Exception NotUnderstood() => new("the object store's answer is not one of S3", "", System.Net.HttpStatusCode.OK);
}

using System.Security.Cryptography;

namespace Rat.Storage.Objects.S3;

/// <summary>
/// The bytes of an object, all of them or an exception: a body that breaks off or stands still is asked for again from there, and the SHA-256
/// that the object was put with is checked at its end.
/// </summary>
internal sealed class S3ObjectStream : Stream
{
    // In a row without a byte in between.
    private const int MostFailures = 4;

    private readonly S3Client _client;
    private readonly S3Counters _counters;
    private readonly string _key;
    private readonly S3Head _head;
    private readonly IncrementalHash? _hash;
    private HttpResponseMessage? _answer;
    private Stream? _body;
    private long _position;

    private S3ObjectStream(S3Client client, S3Counters counters, string key, HttpResponseMessage answer, Stream body)
    {
        (_client, _counters, _key, _answer, _body) = (client, counters, key, answer, body);
        _head = S3Head.Of(answer);
        _hash = _head.Sha256 is null ? null : IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => _head.Length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Null when there is no such object.</summary>
    public static async Task<S3ObjectStream?> OpenAsync(S3Client client, S3Counters counters, string key, CancellationToken cancellation)
    {
        try
        {
            var answer = await client.SendAsync(new S3Request(HttpMethod.Get, key) { IsData = true }, cancellation);
            return new S3ObjectStream(client, counters, key, answer, await answer.Content.ReadAsStreamAsync(cancellation));
        }
        catch (S3Exception missing) when (missing.IsMissingObject)
        {
            return null;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        for (var failures = 0; _position < Length;)
        {
            try
            {
                if (await ReadOnceAsync(buffer, cancellationToken) is > 0 and var count)
                {
                    Take(buffer.Span[..count]);
                    return count;
                }

                throw new IOException("the body is shorter than it was said to be");
            }
            catch (Exception exception) when (
                exception is IOException and not S3Exception or HttpRequestException or OperationCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                Drop();
                _counters.Failures.Add(1);
                if (++failures >= MostFailures)
                    throw S3Exception.Of(_client.Settings, exception);
                _counters.Retries.Add(1);
            }
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Whoever has only this waits for the network on a thread of the pool.
    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Drop();
            _hash?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_body is null)
        {
            // The same bytes as before, or none: an object that was replaced meanwhile must not be continued with another's.
            var request = new S3Request(HttpMethod.Get, _key)
            {
                IsData = true,
                Headers = [("Range", $"bytes={_position}-"), .. _head.ETag is null ? [] : new[] { ("If-Match", _head.ETag) }],
            };
            _answer = await _client.SendAsync(request, cancellation);
            _body = await _answer.Content.ReadAsStreamAsync(cancellation);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(_client.Settings.DataTimeout);
        return await _body.ReadAsync(buffer, either.Token);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        _position += bytes.Length;
        _counters.BytesReceived.Add(bytes.Length);
        _hash?.AppendData(bytes);
        if (_position > Length || (_position == Length && _hash is not null && Convert.ToHexStringLower(_hash.GetHashAndReset()) != _head.Sha256))
            throw new S3Exception($"the object {_key} is damaged: its bytes are not those that were put", "", System.Net.HttpStatusCode.OK);
    }

    private void Drop()
    {
        _answer?.Dispose();
        (_answer, _body) = (null, null);
    }
}

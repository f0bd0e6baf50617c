using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Passes on what the server writes to a connection, except for the head of an answer to a request that it couldn't parse: in its place goes one
/// with the same status, the headers of every answer, and the envelope. The server closes such a connection.
/// </summary>
internal sealed class RefusalWriter(PipeWriter inner) : PipeWriter
{
    private const string NoBody = "Content-Length: 0\r\n";

    private Memory<byte> _handedOut;

    /// <summary>What is written meanwhile is an answer of ours: bodies may look like anything.</summary>
    public bool IsApplicationAtWork { get; set; }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes)
    {
        if (!IsApplicationAtWork && IsRefusal(_handedOut.Span[..bytes]))
        {
            var answer = Enveloped(_handedOut.Span[..bytes]);
            answer.CopyTo(inner.GetSpan(answer.Length));
            bytes = answer.Length;
        }

        _handedOut = default;
        inner.Advance(bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _handedOut = inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

    /// <summary>A whole head with an error status and without a body. Ours all have the security headers.</summary>
    private static bool IsRefusal(ReadOnlySpan<byte> written) =>
        written.StartsWith("HTTP/1.1 "u8) && written.Length > 12 && written[9] is (byte)'4' or (byte)'5'
        && written.EndsWith("\r\n\r\n"u8) && written.IndexOf("\r\nContent-Length: 0\r\n"u8) > 0 && written.IndexOf("X-Content-Type-Options"u8) < 0;

    private static byte[] Enveloped(ReadOnlySpan<byte> head)
    {
        var text = Encoding.ASCII.GetString(head);
        var status = int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var body = JsonSerializer.SerializeToUtf8Bytes(ErrorEnvelope.Of(status), HttpJson.Default.ErrorBody);
        var headers = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\nX-Request-ID: {Guid.NewGuid()}\r\n");
        foreach (var (name, value) in SecurityHeaders.All)
            headers.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return [.. Encoding.ASCII.GetBytes(text.Replace(NoBody, headers.ToString(), StringComparison.Ordinal)), .. body];
    }
}

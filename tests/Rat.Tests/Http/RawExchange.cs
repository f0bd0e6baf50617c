using System.Net.Sockets;
using System.Text;

namespace Rat.Tests.Http;

/// <summary>Bytes sent as they are, for what no client library would send.</summary>
internal static class RawExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Sends the bytes and reads until the server closes the connection, or until it has answered and is silent for a moment.</summary>
    public static async Task<RawAnswer> SendAsync(Uri address, byte[] request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, patience.Token);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request, patience.Token);
        }
        catch (IOException)
        {
            // It has answered and closed already.
        }

        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (!RawAnswer.IsWhole(answer) && await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
                answer.Write(buffer, 0, read);
        }
        catch (IOException) when (answer.Length > 0)
        {
        }

        return RawAnswer.Parse(answer.ToArray());
    }

    public static Task<RawAnswer> SendAsync(Uri address, string request) => SendAsync(address, Encoding.Latin1.GetBytes(request));
}

/// <summary>An answer of HTTP/1.1.</summary>
/// <param name="Status">0 when the connection was closed without one.</param>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    private const string EndOfHead = "\r\n\r\n";

    public static RawAnswer Parse(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var end = text.IndexOf(EndOfHead, StringComparison.Ordinal);
        if (end < 0)
            return new RawAnswer(0, new Dictionary<string, string>(), text);
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), headers, text[(end + EndOfHead.Length)..]);
    }

    /// <summary>True when the head is there and as much of the body as it tells.</summary>
    public static bool IsWhole(MemoryStream bytes)
    {
        var answer = Parse(bytes.ToArray());
        return answer.Status != 0 && answer.Headers.TryGetValue("Content-Length", out var length)
            && Encoding.UTF8.GetByteCount(answer.Body) >= int.Parse(length, System.Globalization.CultureInfo.InvariantCulture);
    }
}

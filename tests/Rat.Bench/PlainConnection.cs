using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Rat.Bench;

/// <summary>
/// One kept-alive HTTP connection on the socket itself: a client that costs as much as the server would hide what the server costs. One request at
/// a time, and only answers with a Content-Length.
/// </summary>
internal sealed class PlainConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _host;
    private byte[] _buffer = new byte[64 * 1024];

    private PlainConnection(string host) => _host = host;

    public static async Task<PlainConnection> OpenAsync(Uri server)
    {
        var connection = new PlainConnection(server.Authority);
        await connection._socket.ConnectAsync(server.Host, server.Port);
        return connection;
    }

    /// <summary>The answer's body; valid until the next request.</summary>
    /// <exception cref="InvalidOperationException">The answer isn't a 2xx.</exception>
    /// <exception cref="SocketException">The server is gone.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(string method, string path, string body = "")
    {
        var type = body.Length == 0 ? "" : "Content-Type: application/json\r\n";
        var length = method == "GET" ? "" : $"Content-Length: {Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)}\r\n";
        await _socket.SendAsync(Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {_host}\r\n{type}{length}\r\n{body}"));

        var (read, begin, end) = (0, 0, int.MaxValue);
        while (read < end)
        {
            if (read == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            var part = await _socket.ReceiveAsync(_buffer.AsMemory(read));
            read = part > 0 ? read + part : throw new SocketException((int)SocketError.ConnectionReset);
            if (end == int.MaxValue && _buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
                (begin, end) = (head + 4, head + 4 + LengthOf(Encoding.ASCII.GetString(_buffer, 0, head)));
        }

        return _buffer.AsMemory(begin, end - begin);
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthOf(string head)
    {
        const string name = "Content-Length: ";
        if (!head.StartsWith("HTTP/1.1 2", StringComparison.Ordinal))
            throw new InvalidOperationException(head);
        var begin = head.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        var end = head.IndexOf('\r', begin);
        return int.Parse(head.AsSpan(begin, (end < 0 ? head.Length : end) - begin), CultureInfo.InvariantCulture);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Rat.Tests.Objects;

/// <summary>What a <see cref="FaultProxy"/> does to one request.</summary>
internal enum Fault
{
    None,

    /// <summary>The connection ends before the request has gone anywhere.</summary>
    Drop,

    /// <summary>The request goes nowhere, an answer 503 comes.</summary>
    Busy,

    /// <summary>The request is carried out, the connection ends instead of the answer.</summary>
    LoseAnswer,

    /// <summary>The answer ends in its midst.</summary>
    CutAnswer,

    /// <summary>The request goes nowhere, and nothing comes.</summary>
    Silence,

    /// <summary>The answer comes late.</summary>
    Slow,
}

/// <summary>A TCP proxy on this machine that does something wrong now and then. It knows of HTTP that bytes of the client after bytes of the
/// server begin a request.</summary>
internal sealed class FaultProxy : IDisposable
{
    /// <summary>Past the head of the answer, in the midst of what a test asks for.</summary>
    private const int CutAfter = 3000;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;

    public FaultProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Chooses by the first line of a request, such as <c>PUT /bucket/key HTTP/1.1</c>. Many ask at once.</summary>
    public Func<string, Fault> Choose { get; set; } = _ => Fault.None;

    public void Dispose()
    {
        _stopping.Cancel();
        _listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = new Connection(client, new TcpClient());
        try
        {
            await connection.Server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
            await await Task.WhenAny(RequestsAsync(connection), AnswersAsync(connection));
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task RequestsAsync(Connection connection)
    {
        var buffer = new byte[64 * 1024];
        for (int count; (count = await connection.Client.GetStream().ReadAsync(buffer, _stopping.Token)) > 0;)
        {
            if (connection.IsAnswered)
            {
                connection.IsAnswered = false;
                var head = Encoding.Latin1.GetString(buffer, 0, count);
                connection.Fault = Choose(head[..head.IndexOf('\r', StringComparison.Ordinal)]);
            }

            switch (connection.Fault)
            {
                case Fault.Drop:
                    return;
                case Fault.Silence:
                    await Task.Delay(Timeout.Infinite, _stopping.Token);
                    return;
                case Fault.Busy:
                    await connection.Client.GetStream().WriteAsync("HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stopping.Token);
                    connection.Client.Client.Shutdown(SocketShutdown.Send);
                    // Read to the end: closed with bytes unread, the answer would be lost as well.
                    while (await connection.Client.GetStream().ReadAsync(buffer, _stopping.Token) > 0)
                    {
                    }

                    return;
                default:
                    await connection.Server.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
                    break;
            }
        }
    }

    private async Task AnswersAsync(Connection connection)
    {
        var buffer = new byte[64 * 1024];
        var passed = 0;
        for (int count; (count = await connection.Server.GetStream().ReadAsync(buffer, _stopping.Token)) > 0;)
        {
            if (connection is { Fault: Fault.Slow, IsAnswered: false })
                await Task.Delay(Late, _stopping.Token);
            passed = connection.IsAnswered ? passed : 0;
            connection.IsAnswered = true;
            if (connection.Fault == Fault.LoseAnswer)
                return;
            if (connection.Fault == Fault.CutAnswer)
                count = Math.Min(count, CutAfter - passed);
            await connection.Client.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            passed += count;
            if (connection.Fault == Fault.CutAnswer && passed == CutAfter)
                return;
        }
    }

    private sealed record Connection(TcpClient Client, TcpClient Server) : IDisposable
    {
        public Fault Fault { get; set; }

        /// <summary>Whether the server has said something since the last request began; so it is before the first.</summary>
        public bool IsAnswered { get; set; } = true;

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}

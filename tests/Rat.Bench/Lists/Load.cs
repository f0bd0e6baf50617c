using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Rat.Bench.Lists;

/// <summary>What clients that ask one after the other have seen.</summary>
/// <param name="PerSecond">Requests per second, all clients together.</param>
/// <param name="Taken">How long each has taken, in milliseconds.</param>
/// <param name="Cpu">What a request has cost the server's process, in microseconds of a processor.</param>
internal sealed record LoadResult(double PerSecond, IReadOnlyList<double> Taken, double Cpu)
{
    public const int Clients = 4;

    /// <summary>Four clients, each with a connection of its own, for a while.</summary>
    /// <param name="path">Asked for each request.</param>
    public static async Task<LoadResult> OfAsync(Uri server, int processId, Func<string> path, TimeSpan time)
    {
        var before = CpuOf(processId);
        var begin = Stopwatch.GetTimestamp();
        var taken = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(server, path, time))));
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var all = taken.SelectMany(times => times).ToList();
        return new LoadResult(all.Count / seconds, all, (CpuOf(processId) - before).TotalMicroseconds / all.Count);
    }

    // On the socket itself: a client that costs as much as the server would hide what the server costs.
    private static async Task<List<double>> AskAsync(Uri server, Func<string> path, TimeSpan time)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        var buffer = new byte[16 * 1024 * 1024];
        var taken = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            var request = Encoding.ASCII.GetBytes($"GET {path()} HTTP/1.1\r\nHost: {server.Authority}\r\n\r\n");
            var start = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            await ReceiveAsync(socket, buffer);
            taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return taken;
    }

    private static async Task ReceiveAsync(Socket socket, byte[] buffer)
    {
        var (read, end) = (0, int.MaxValue);
        while (read < end)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(read));
            read = part > 0 ? read + part : throw new InvalidOperationException("the connection was closed");
            if (end == int.MaxValue && buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is >= 0 and var head)
                end = head + 4 + LengthOf(Encoding.ASCII.GetString(buffer, 0, head));
        }
    }

    private static int LengthOf(string head)
    {
        const string name = "Content-Length: ";
        if (!head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
            throw new InvalidOperationException(head);
        var begin = head.IndexOf(name, StringComparison.OrdinalIgnoreCase) + name.Length;
        var end = head.IndexOf('\r', begin);
        return int.Parse(head.AsSpan(begin, (end < 0 ? head.Length : end) - begin), CultureInfo.InvariantCulture);
    }

    private static TimeSpan CpuOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }
}

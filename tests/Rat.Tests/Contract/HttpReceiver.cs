using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Rat.Tests.Contract;

/// <summary>A request that the receiver got.</summary>
internal sealed record ReceivedRequest(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>A server of the test's that takes messages, and answers as it is told.</summary>
internal sealed class HttpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<ReceivedRequest> _received = Channel.CreateUnbounded<ReceivedRequest>();
    private readonly Func<int, int?> _answer;

    /// <param name="answer">The status for each request by its number from 1; null never answers it.</param>
    public HttpReceiver(Func<int, int?> answer)
    {
        _answer = answer;
        using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/hook/";
        }

        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = Task.Run(ReceiveAsync);
    }

    public string Address { get; }

    public async Task<ReceivedRequest> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        return await _received.Reader.ReadAsync(patience.Token);
    }

    public bool TryNext(out ReceivedRequest? request) => _received.Reader.TryRead(out request);

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        try
        {
            for (var number = 1; ; number++)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var headers = context.Request.Headers.AllKeys.ToDictionary(key => key!, key => context.Request.Headers[key]!, StringComparer.OrdinalIgnoreCase);
                _received.Writer.TryWrite(new ReceivedRequest(headers, body.ToArray()));
                if (_answer(number) is not { } status)
                    continue;
                context.Response.StatusCode = status;
                context.Response.Close(Encoding.UTF8.GetBytes("taken"), willBlock: false);
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
        }
    }
}

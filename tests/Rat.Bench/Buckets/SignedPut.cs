using System.Diagnostics;
using Rat.Storage.Objects.S3;

namespace Rat.Bench.Buckets;

/// <summary>One PUT of 4 kB to the S3 server, signed as the server signs its own, on a connection that stays: what a commit is held against.</summary>
internal sealed class SignedPut(int port, string bucket) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly RequestSigner _signer = new("test:tester", "testing", sessionToken: null, "us-east-1");
    private readonly byte[] _body = new byte[4096];
    private int _keys;

    public async Task<TimeSpan> SendAsync()
    {
        var start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://127.0.0.1:{port}/{bucket}/.rat/backup/bench-{++_keys}") { Content = new ByteArrayContent(_body) };
        _signer.Sign(request, RequestSigner.Hash(_body), DateTimeOffset.UtcNow);
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(start);
    }

    public void Dispose() => _http.Dispose();
}

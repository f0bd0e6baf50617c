using System.Text.Json.Nodes;

namespace Rat.Tests.Http;

/// <summary>What isn't HTTP, or too much of it, is told in the envelope as well.</summary>
public sealed class UnparsedRequestsTests(OpenServer server) : IClassFixture<OpenServer>
{
    public static TheoryData<string, int> Requests => new()
    {
        { "GET /api/v1/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "GET /api/v1/a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414 },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 60_000)}\r\n\r\n", 431 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nbroken header\r\n\r\n", 400 },
        { "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505 },
        { "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400 },
        { "POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400 },
        { "\u0016\u0003\u0001 this is TLS, say\r\n\r\n", 400 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_that_cannot_be_parsed_gets_an_envelope(string request, int status)
    {
        var answer = await RawExchange.SendAsync(server.Client.BaseAddress!, request);
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.True(Guid.TryParse(answer.Headers["X-Request-ID"], out _));
        Assert.NotEmpty((string)JsonNode.Parse(answer.Body)!["error"]!["message"]!);
    }

    [Fact]
    public async Task What_a_client_stores_is_never_taken_for_such_an_answer()
    {
        // As body of an answer these bytes are the caller's own.
        const string Bare = "HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n";
        using var stored = await server.Client.SendAsync("PUT", "/api/v1/files/default/a.txt", new StringContent($$"""{"content": "{{Bare}}"}"""));
        Assert.Equal(200, (int)stored.StatusCode);
        using var read = await server.Client.SendAsync("GET", "/api/v1/files/default/a.txt");
        Assert.Contains(Bare, await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}

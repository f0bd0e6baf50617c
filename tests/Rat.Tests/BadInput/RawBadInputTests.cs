using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.BadInput;

/// <summary>Requests whose bytes don't keep what their head promises.</summary>
public sealed class RawBadInputTests(ContractServer server) : IClassFixture<ContractServer>
{
    public static TheoryData<string> Requests =>
    [
        "POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n",
        "POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        "POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n{}",
        "POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
        "POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "GET /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: a\0b\r\n\r\n",
        "GET /api/v1/files/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/runs?status=\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "G\u0001T /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n\r\nGET / \r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_broken_request_is_a_4xx_with_an_envelope(string request)
    {
        var answer = await RawExchange.SendAsync(server.Process.Client.BaseAddress!, request);
        Assert.True(answer.Status is >= 400 and < 500 or 501 or 505, $"{answer.Status}: {answer.Body}");
        Assert.Contains("\"message\":\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
    }
}

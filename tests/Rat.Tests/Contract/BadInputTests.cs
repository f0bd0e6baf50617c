using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Requests made at random from pieces that break servers. Whatever they are, the answer is one of the contract's and never a 500.</summary>
public class BadInputTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const int Requests = 1500;

    private static readonly string[] Texts =
    [
        "", "a", "default", "bronze", "A", "..", ".", "/", "a/b", "%", "%00", "%zz", "%C3%28", "%FF", "é", "\u0000", "\uFFFF", "\U0010FFFF", "null",
        "{{ x }}", "'; DROP TABLE pipelines; --", "-1", "1e999", "9223372036854775808", "0x10", "NaN", "true", " ", "\t", "\r\n", "\"", "\\", "a b",
        "2026-01-01T00:00:00Z", "0001-01-01T00:00:00-14:00", "9999-12-31T23:59:59.9999999Z", "7a4f0b1e-3f0a-4f0e-9a51-111111111111",
        new('x', 200), new('ü', 3000), "../../../etc/passwd", "a..b", "-", "_", "text/event-stream", "*",
    ];

    private static readonly string[] Raw = ["%FF", "%C3%28", "%ED%A0%80", "%2F", "%2f%2F", "%2e%2e", "%", "%5C", "a%0Ab", "default%2Fx", "%25%32%46",
        "~", "$", "@", "a;b"];

    private static readonly string[] Fields =
        ["namespace", "layer", "name", "type", "source", "unique_key", "description", "owner", "content", "pipeline", "trigger", "expected_schema",
            "processed_max_age_days", "auto_purge", "Name", "NAMESPACE"];

    private static readonly string[] Parameters =
        ["limit", "offset", "sort", "order", "namespace", "layer", "search", "status", "pipeline", "from", "to", "started_after", "started_before",
            "prefix", "exclude"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_request_breaks_the_server(int seed)
    {
        var random = new Random(seed);
        var operations = ContractDocument.Instance.Operations.ToList();
        for (var i = 0; i < Requests; i++)
        {
            var operation = operations[random.Next(operations.Count)];
            var path = string.Join('/', operation.Template.Split('/').Select(segment => segment.StartsWith('{') ? Segment(random) : segment));
            var query = string.Join('&', Enumerable.Range(0, random.Next(4))
                .Select(_ => $"{Pick(random, Parameters)}={Uri.EscapeDataString(Pick(random, Texts))}"));
            if (path.Length + query.Length > 8000)
                continue; // the HTTP parser's limit, before there is an envelope
            var (body, headers) = Body(random, operation.Method);
            var description = $"seed {seed}, request {i}: {operation.Method} {path}?{query}";
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var answer = await server.Client.WithoutValidation.SendAsync(operation.Method, $"{path}?{query}", body, headers)
                .WaitAsync(patience.Token);
            Assert.True(answer.Status < 500 || (answer.Status == 501 && operation.Tag == "Sharing"), $"{description}\n{answer.Text}");
            // Empty segments, dots and NUL make another path of it, or none; all others have to be answered as the contract says.
            var isWhole = path.Split('/').Skip(1).All(segment => Uri.UnescapeDataString(segment) is not ("" or "." or ".." or "\0"));
            if (isWhole && ContractDocument.Instance.Find(operation.Method, path) is not null)
                ResponseCheck.Verify(operation.Method, path, answer);
        }

        (await server.Client.GetAsync("/api/v1/namespaces")).Expect(200);
    }

    private static string Segment(Random random) => random.Next(4) == 0 ? Pick(random, Raw) : Uri.EscapeDataString(Pick(random, Texts));

    private static (HttpContent? Body, (string, string)[] Headers) Body(Random random, string method)
    {
        (string, string)[] headers = random.Next(4) == 0 ? [("Accept", string.Concat(Pick(random, Texts).Where(letter => letter is not ('\r' or '\n' or '\0'))))] : [];
        if (method is "GET" or "DELETE" && random.Next(5) > 0)
            return (null, headers);
        switch (random.Next(6))
        {
            case 0:
                return (null, headers);
            case 1:
                var noise = new byte[random.Next(200)];
                random.NextBytes(noise);
                return (new ByteArrayContent(noise), headers);
            case 2:
                var form = new StringBuilder();
                for (var parts = random.Next(4); parts > 0; parts--)
                {
                    form.Append("--b\r\nContent-Disposition: form-data; name=").Append(Pick(random, ["file", "path", "x"]))
                        .Append("; filename=\"").Append(Pick(random, Texts)).Append("\"\r\n\r\n").Append(Pick(random, Texts)).Append("\r\n");
                }

                var multipart = new ByteArrayContent(Encoding.UTF8.GetBytes(form.Append(random.Next(5) > 0 ? "--b--\r\n" : "").ToString()));
                multipart.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
                return (multipart, headers);
            default:
                var json = new JsonObject();
                for (var fields = random.Next(6); fields > 0; fields--)
                    json[Pick(random, Fields)] = Value(random, 2);
                return (new StringContent(json.ToJsonString()), headers);
        }
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => null,
        1 => random.Next(-5, 5),
        2 => random.NextDouble() * 1e300,
        3 => random.Next(2) == 0,
        4 or 5 => Pick(random, Texts),
        6 => new JsonArray(Value(random, depth - 1), Value(random, depth - 1)),
        7 => new JsonObject { [Pick(random, Fields)] = Value(random, depth - 1) },
        _ => long.MaxValue,
    };

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}

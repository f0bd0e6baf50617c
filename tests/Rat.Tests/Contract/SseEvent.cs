using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>A server-sent event of a run's log, or a comment (then <paramref name="Name"/> is empty and <paramref name="Text"/> the comment).</summary>
/// <param name="Name"><c>log</c>, <c>status</c> or <c>error</c>.</param>
/// <param name="Text">The data, as it was sent.</param>
internal sealed record SseEvent(string Name, string Text)
{
    public const string MediaType = "text/event-stream";

    public bool IsComment => Name.Length == 0;

    /// <summary>The data as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Text)!;

    public static void CheckHeaders(HttpResponseMessage message)
    {
        Assert.Equal(200, (int)message.StatusCode);
        Assert.Equal("no-cache", message.Headers.CacheControl?.ToString());
        Assert.Null(message.Content.Headers.ContentLength);
        Assert.NotEmpty(message.Headers.GetValues("X-Request-ID"));
    }

    /// <summary>Holds the data against the schema that the contract gives for this event.</summary>
    public void Check()
    {
        if (IsComment)
            return;
        var logs = ContractDocument.Instance.Find("GET", "/api/v1/runs/x/logs")!;
        var schema = logs.Responses["200"]!["content"]![MediaType]!["x-sse-events"]![Name];
        Assert.True(schema is not null, $"the contract has no event {Name}");
        Assert.Empty(ContractDocument.Instance.Schemas.Validate(Json, schema));
    }

    /// <summary>WHATWG HTML, "Server-sent events", 9.2.6: events end with an empty line; a line that begins with a colon is a comment.</summary>
    public static async IAsyncEnumerable<SseEvent> ReadAllAsync(StreamReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (name, data) = ("message", new List<string>());
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(':'))
            {
                yield return new SseEvent("", line[1..].Trim());
            }
            else if (line.Length == 0)
            {
                if (data.Count > 0)
                    yield return new SseEvent(name, string.Join('\n', data));
                (name, data) = ("message", []);
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data.Add(line["data: ".Length..]);
            }
            else
            {
                Assert.Fail($"not a line of an event stream that we send: {line}");
            }
        }

        Assert.Empty(data);
    }
}

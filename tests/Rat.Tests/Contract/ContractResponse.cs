using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>An answer, read completely.</summary>
internal sealed class ContractResponse
{
    private ContractResponse(HttpResponseMessage message, byte[] body)
    {
        Status = (int)message.StatusCode;
        RawBody = body;
        Headers = message.Headers.Concat(message.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        // Read strictly: a repeated field or anything after the value is not JSON of ours.
        if (IsJson && body.Length > 0)
            Node = JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
    }

    public int Status { get; }

    public byte[] RawBody { get; }

    public string Text => Encoding.UTF8.GetString(RawBody);

    /// <summary>Those of the response and of its content; several values of one name joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    public string? MediaType => Header("Content-Type")?.Split(';')[0].Trim();

    /// <summary>The body as JSON. Fails the test when there is none.</summary>
    public JsonNode Json => Node ?? throw new InvalidOperationException($"{Status} without JSON: {Text}");

    /// <summary>A field of the body.</summary>
    public JsonNode? this[string field] => Json[field];

    /// <summary>A field of the body that holds a text.</summary>
    public string TextOf(string field) => Json[field]!.GetValue<string>();

    private JsonNode? Node { get; }

    private bool IsJson => MediaType == "application/json";

    public static async Task<ContractResponse> ReadAsync(HttpResponseMessage message) => new(message, await message.Content.ReadAsByteArrayAsync());

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>Asserts the status; returns this, so that a call can go on with the body.</summary>
    public ContractResponse Expect(int status)
    {
        Assert.True(status == Status, $"expected {status}, got {Status}: {(Text.Length > 1000 ? Text[..1000] : Text)}");
        return this;
    }

    /// <summary>Asserts the envelope of an error; returns its message.</summary>
    public string ExpectError(int status, string code = "INVALID_ARGUMENT")
    {
        Expect(status);
        var error = Json["error"]!;
        Assert.Equal(code, error["code"]!.GetValue<string>());
        return error["message"]!.GetValue<string>();
    }
}

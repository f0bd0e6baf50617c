using System.Text.Json.Nodes;

namespace Rat.Torture.Server;

/// <summary>A run as the API tells of it.</summary>
internal sealed record RunState(string Id, string Status, long? Rows, string? Error)
{
    public bool HasEnded => Status is "success" or "failed" or "cancelled";

    public bool Succeeded => Status == "success";

    public static RunState Of(string id, JsonNode run) =>
        new(id, (string)run["status"]!, (long?)run["rows_written"], (string?)run["error"]);
}

/// <summary>An uploaded file of a landing zone.</summary>
/// <param name="Name">The name that it was sent with, behind a stamp.</param>
internal sealed record LandedFile(string Id, string Name, string Key, long Size)
{
    public static LandedFile Of(JsonNode file) =>
        new((string)file["id"]!, (string)file["filename"]!, (string)file["s3_path"]!, (long)file["size_bytes"]!);
}

/// <summary>The server answered with an error.</summary>
internal sealed class ApiException(HttpResponseMessage response, string body)
    : Exception($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri!.PathAndQuery}: {(int)response.StatusCode} {body}")
{
    public int Status => (int)response.StatusCode;

    /// <summary>The message of the error's envelope; null when the answer has none.</summary>
    public string? Told { get; } = MessageOf(body);

    private static string? MessageOf(string body)
    {
        try
        {
            return (string?)JsonNode.Parse(body)?["error"]?["message"];
        }
        catch (Exception malformed) when (malformed is System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

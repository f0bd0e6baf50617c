using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rat.Commands.Demo;

/// <summary>A request that the server refused; the message is the server's own.</summary>
internal sealed class RefusedException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status => status;
}

/// <summary>The few calls of the REST API that the commands need.</summary>
internal sealed class RatClient(HttpClient http)
{
    /// <summary>Sends JSON and returns the answer, an empty object where there is no body.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, cancellation);
        return await ReadAsync(response, cancellation);
    }

    /// <summary>Uploads one file as <c>multipart/form-data</c>.</summary>
    public async Task<JsonNode> UploadAsync(string path, string fileName, Stream content, CancellationToken cancellation)
    {
        using var part = new StreamContent(content);
        part.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var form = new MultipartFormDataContent { { part, "file", fileName } };
        using var response = await http.PostAsync(path, form, cancellation);
        return await ReadAsync(response, cancellation);
    }

    /// <summary>Follows a run's log stream to its end and returns the data of its <c>status</c> event.</summary>
    public async Task<JsonNode> FollowAsync(string runId, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{runId}/logs");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
            await ReadAsync(response, cancellation);

        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var name = "";
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (name == "status" && line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonNode.Parse(line["data: ".Length..])!;
        }

        throw new IOException($"the log stream of run {runId} ended without a status");
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var json = Parse(text);
        if (!response.IsSuccessStatusCode)
            throw new RefusedException(response.StatusCode, (string?)json?["error"]?["message"] ?? $"HTTP {(int)response.StatusCode}");
        return json ?? new JsonObject();
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

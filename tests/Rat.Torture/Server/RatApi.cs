using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rat.Torture.Server;

/// <summary>The calls of the API that the torture needs, all in the namespace <c>default</c>.</summary>
internal sealed class RatApi(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(3),
    };

    /// <summary>The answer's JSON.</summary>
    /// <exception cref="ApiException">The server answered with an error.</exception>
    /// <exception cref="HttpRequestException">The server is gone.</exception>
    public Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null) =>
        SendAsync(method, path, body is null ? null : JsonContent.Create(body));

    public async Task CreatePipelineAsync(string layer, string name, string sql, string? config = null)
    {
        await SendAsync(HttpMethod.Post, "/api/v1/pipelines", new JsonObject { ["namespace"] = "default", ["layer"] = layer, ["name"] = name });
        await WriteSqlAsync(layer, name, sql);
        if (config is not null)
            await WriteFileAsync($"pipelines/{layer}/{name}/config.yaml", config);
    }

    public Task WriteSqlAsync(string layer, string name, string sql) => WriteFileAsync($"pipelines/{layer}/{name}/pipeline.sql", sql);

    /// <summary>Writes a text; the answer is its version.</summary>
    public async Task<string> WriteFileAsync(string path, string content)
    {
        var written = await SendAsync(HttpMethod.Put, $"/api/v1/files/default/{path}", new JsonObject { ["content"] = content });
        return (string)written["version_id"]!;
    }

    /// <summary>The text of a file, or null when there is none.</summary>
    public async Task<string?> ReadFileAsync(string path)
    {
        using var response = await _http.GetAsync($"/api/v1/files/default/{path}");
        return response.StatusCode == System.Net.HttpStatusCode.NotFound ? null : (string)(await ReadAsync(response))["content"]!;
    }

    public async Task CreateZoneAsync(string zone) =>
        await SendAsync(HttpMethod.Post, "/api/v1/landing-zones", new JsonObject { ["namespace"] = "default", ["name"] = zone });

    public async Task<LandedFile> UploadAsync(string zone, string fileName, byte[] content)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(content), "file", fileName } };
        return LandedFile.Of(await SendAsync(HttpMethod.Post, $"/api/v1/landing-zones/default/{zone}/files", form));
    }

    public Task DeleteLandedAsync(string zone, string id) => SendAsync(HttpMethod.Delete, $"/api/v1/landing-zones/default/{zone}/files/{id}");

    public async Task<IReadOnlyList<LandedFile>> LandedAsync(string zone) =>
        [.. (await PagesAsync($"/api/v1/landing-zones/default/{zone}/files?", "files")).Select(LandedFile.Of)];

    /// <summary>Queues a run and returns its id.</summary>
    public async Task<string> StartRunAsync(string layer, string name)
    {
        var run = new JsonObject { ["namespace"] = "default", ["layer"] = layer, ["pipeline"] = name };
        return (string)(await SendAsync(HttpMethod.Post, "/api/v1/runs", run))["run_id"]!;
    }

    public async Task<RunState> RunAsync(string layer, string name) => await EndAsync(await StartRunAsync(layer, name));

    /// <summary>Follows a run's log stream until it tells how the run ended.</summary>
    /// <exception cref="IOException">The stream broke off before.</exception>
    public async Task<RunState> EndAsync(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{id}/logs");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var isEnd = false;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("event:", StringComparison.Ordinal))
                isEnd = line[6..].Trim() == "status";
            else if (isEnd && line.StartsWith("data:", StringComparison.Ordinal))
                return RunState.Of(id, JsonNode.Parse(line[5..])!);
        }

        throw new IOException($"the log stream of run {id} ended without a status");
    }

    public async Task<RunState> StateAsync(string id) => RunState.Of(id, await SendAsync(HttpMethod.Get, $"/api/v1/runs/{id}"));

    /// <summary>All runs of a pipeline, the oldest first.</summary>
    public async Task<IReadOnlyList<RunState>> RunsAsync(string name) =>
        [.. (await PagesAsync($"/api/v1/runs?pipeline={name}&sort=created_at&order=asc", "runs"))
            .Select(run => RunState.Of((string)run["id"]!, run))];

    public async Task<int> RunningAsync() => (int)(await SendAsync(HttpMethod.Get, "/api/v1/runs?status=running"))["total"]!;

    /// <summary>The rows of a result, at most 100 000.</summary>
    public async Task<JsonArray> QueryAsync(string sql) =>
        (await SendAsync(HttpMethod.Post, "/api/v1/query", new JsonObject { ["sql"] = sql, ["limit"] = 100_000 }))["rows"]!.AsArray();

    /// <summary>Takes a table back to a snapshot.</summary>
    public async Task RollbackAsync(string layer, string table, long snapshot) => await SendAsync(
        HttpMethod.Post, $"/api/v1/tables/default/{layer}/{table}/rollback", new JsonObject { ["snapshot_id"] = snapshot });

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<JsonNode>> PagesAsync(string path, string items)
    {
        const int PageSize = 100;
        var all = new List<JsonNode>();
        while (true)
        {
            var page = (await SendAsync(HttpMethod.Get, $"{path}&limit={PageSize}&offset={all.Count}"))[items]!.AsArray();
            all.AddRange(page!);
            if (page.Count < PageSize)
                return all;
        }
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await _http.SendAsync(request);
        return await ReadAsync(response);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
            throw new ApiException(response, text);
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}

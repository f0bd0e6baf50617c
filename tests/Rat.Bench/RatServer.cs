using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Bench;

/// <summary>A server under measurement: the published file, on a fresh data directory, without rate limit.</summary>
internal sealed class RatServer : IDisposable
{
    private readonly Process _process;
    private readonly bool _owns;

    private RatServer(Process process, Uri address, string directory, bool owns, string cache)
    {
        Cache = cache;
        _process = process;
        _owns = owns;
        DataDirectory = directory;
        Http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
    }

    public HttpClient Http { get; }
    public string DataDirectory { get; }
    public string Binary => _process.StartInfo.FileName;

    /// <summary>Folder of the unpacked native library.</summary>
    public string Cache { get; }
    public int ProcessId => _process.Id;

    /// <param name="cache">Folder for the unpacked native library.</param>
    /// <param name="settings">Variables of its environment.</param>
    public static Task<RatServer> StartAsync(string binary, string cache, params (string Name, string Value)[] settings) =>
        StartAsync(binary, cache, Directory.CreateTempSubdirectory("rat-bench-").FullName, owns: true, settings);

    /// <summary>On a data directory that outlives it.</summary>
    public static Task<RatServer> StartOnAsync(string binary, string cache, string directory, params (string Name, string Value)[] settings) =>
        StartAsync(binary, cache, directory, owns: false, settings);

    private static async Task<RatServer> StartAsync(
        string binary, string cache, string directory, bool owns, IReadOnlyList<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(binary, ["serve", "--data-dir", directory, "--listen", "127.0.0.1:0"]) { RedirectStandardOutput = true };
        start.Environment["RATE_LIMIT"] = "0";
        start.Environment["XDG_CACHE_HOME"] = cache;
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            const string Mark = "listening on ";
            if (line.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new RatServer(process, new Uri(line[(at + Mark.Length)..].Trim().Split('"')[0]), directory, owns, cache);
            }
        }

        throw new InvalidOperationException("the server ended before it listened");
    }

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode body)
    {
        using var response = await Http.SendAsync(new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) });
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!
            : throw new InvalidOperationException($"{method} {path}: {text}");
    }

    /// <summary>Makes the pipeline, or writes its files anew.</summary>
    public async Task CreatePipelineAsync(string layer, string name, string sql, string? config = null)
    {
        using var made = await Http.PostAsJsonAsync("/api/v1/pipelines", new JsonObject { ["namespace"] = "default", ["layer"] = layer, ["name"] = name });
        if (!made.IsSuccessStatusCode && made.StatusCode != HttpStatusCode.Conflict)
            throw new InvalidOperationException(await made.Content.ReadAsStringAsync());
        var folder = $"/api/v1/files/default/pipelines/{layer}/{name}/";
        await SendAsync(HttpMethod.Put, folder + "pipeline.sql", new JsonObject { ["content"] = sql });
        if (config is not null)
            await SendAsync(HttpMethod.Put, folder + "config.yaml", new JsonObject { ["content"] = config });
    }

    /// <summary>From the POST to the last byte of the answer.</summary>
    public async Task<TimeSpan> QueryAsync(string sql)
    {
        var start = Stopwatch.GetTimestamp();
        using var content = new StringContent(new JsonObject { ["sql"] = sql, ["limit"] = 100000 }.ToJsonString());
        using var response = await Http.PostAsync("/api/v1/query", content);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return response.IsSuccessStatusCode ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException(Encoding.UTF8.GetString(bytes));
    }

    public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(path))!;

    /// <summary>Queues a run and returns its id.</summary>
    public async Task<string> StartRunAsync(string layer, string name) => (string)(await SendAsync(HttpMethod.Post, "/api/v1/runs",
        new JsonObject { ["namespace"] = "default", ["layer"] = layer, ["pipeline"] = name }))["run_id"]!;

    /// <summary>From the POST to the <c>status</c> event on the log stream.</summary>
    public async Task<TimeSpan> RunAsync(string layer, string name)
    {
        var start = Stopwatch.GetTimestamp();
        await FollowAsync(await StartRunAsync(layer, name));
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Follows a run's log stream to its success.</summary>
    public async Task FollowAsync(string run)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/runs/{run}/logs");
        request.Headers.Accept.ParseAdd("text/event-stream");
        using var response = await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.Contains("\"status\":\"success\"", StringComparison.Ordinal))
                return;
            if (line.Contains("\"status\":", StringComparison.Ordinal))
                break;
        }

        throw new InvalidOperationException($"run {run} did not succeed");
    }

    /// <summary>SIGKILL, as a crash; the data directory stays until this is disposed of.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        Http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        if (_owns)
            Directory.Delete(DataDirectory, recursive: true);
    }
}

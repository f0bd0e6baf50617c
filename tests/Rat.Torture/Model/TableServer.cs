using System.Text.Json;
using System.Text.Json.Nodes;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Model;

/// <summary>A server with one pipeline and its table, through starts, stops and kills.</summary>
internal sealed class TableServer(string binary, string folder) : IAsyncDisposable
{
    public const string Layer = "bronze";
    public const string Table = "t";
    public const string Zone = "z";

    // The tables are small: with the usual limit every file that loses rows would be written again, and none marked.
    private static readonly string[] SmallFiles = ["env", "RAT_SMALL_FILE_SIZE=4KB"];

    private readonly DataFolder _data = new(Path.Combine(folder, "data"));
    private RatServer? _server;

    public RatApi Api => _server!.Api;

    public string Tail => _server!.Tail;

    public async Task StartAsync() => _server = await RatServer.StartAsync(binary, _data.Root, SmallFiles);

    public async Task PrepareAsync(string config)
    {
        await Api.CreateZoneAsync(Zone);
        await Api.CreatePipelineAsync(Layer, Table, "SELECT 1 AS nothing", config);
    }

    /// <summary>The exit code after SIGTERM.</summary>
    public Task<int> StopAsync() => _server!.StopAsync();

    public Task KillAsync() => _server!.KillAsync();

    public Task<RunState> RunAsync() => Api.RunAsync(Layer, Table);

    public Task WriteSqlAsync(string sql) => Api.WriteSqlAsync(Layer, Table, sql);

    /// <summary>The whole table, as <c>/query</c> answers.</summary>
    public async Task<JsonDocument> QueryAsync() => JsonDocument.Parse((await Api.SendAsync(HttpMethod.Post, "/api/v1/query", new JsonObject
    {
        ["sql"] = $"SELECT * FROM {Layer}.{Table}",
        ["limit"] = 100_000,
    })).ToJsonString());

    /// <summary>Path of the table's current metadata; null when there is no table.</summary>
    public string? MetadataFile() => _data.SelectLive("SELECT metadata_location FROM iceberg_tables") is [[var location]]
        ? Path.Combine(_data.Lake, TableFiles.LocalPath(location))
        : null;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _server = null;
    }
}

using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>A line of a run's log.</summary>
internal sealed record LoggedLine(string Level, string Message);

/// <summary>A run that has ended.</summary>
internal sealed record EndedRun(string Id, string Status, long? Rows, string? Error, IReadOnlyList<LoggedLine> Lines)
{
    private const string Compiled = "Compiled SQL:\n";

    public IReadOnlyList<string> Messages { get; } = [.. Lines.Select(line => line.Message)];

    /// <summary>The messages of one level, in order.</summary>
    public IReadOnlyList<string> At(string level) => [.. Lines.Where(line => line.Level == level).Select(line => line.Message)];

    /// <summary>The statement that the template gave.</summary>
    public string CompiledSql => Assert.Single(Messages, message => message.StartsWith(Compiled, StringComparison.Ordinal))[Compiled.Length..];

    public EndedRun ExpectSuccess()
    {
        Assert.True(Status == "success", $"{Status}: {Error}\n{string.Join('\n', Messages)}");
        return this;
    }

    /// <summary>Asserts that it failed; returns its error.</summary>
    public string ExpectFailure()
    {
        Assert.True(Status == "failed", $"{Status}, {Rows} rows\n{string.Join('\n', Messages)}");
        Assert.Contains(Messages, message => message == $"Pipeline failed: {Error}");
        return Error!;
    }
}

/// <summary>What the tests of the engine do most, over HTTP in one namespace: pipelines with their files, runs to their end, queries.</summary>
internal sealed class TestPlatform(ContractClient client, string ns)
{
    // Longer than any run of a test; a run that hangs fails its test instead of holding up all of them.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Namespace => ns;

    public ContractClient Client => client;

    /// <summary>Makes the pipeline, or writes its files anew.</summary>
    /// <param name="config">Text of <c>config.yaml</c>; without it there is no such file.</param>
    public async Task PutPipelineAsync(string name, string sql, string? config = null, string layer = "bronze")
    {
        var created = await client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer, name });
        Assert.True(created.Status is 201 or 409, created.Text);
        await PutFileAsync($"pipelines/{layer}/{name}/pipeline.sql", sql);
        if (config is null)
            await DeleteFileAsync($"pipelines/{layer}/{name}/config.yaml");
        else
            await PutFileAsync($"pipelines/{layer}/{name}/config.yaml", config);
    }

    public async Task PutFileAsync(string path, string content) =>
        (await client.PutAsync($"/api/v1/files/{ns}/{path}", new { content })).Expect(200);

    /// <summary>Writes a quality test of a pipeline's draft.</summary>
    public Task PutTestAsync(string pipeline, string test, string sql, string layer = "bronze") =>
        PutFileAsync($"pipelines/{layer}/{pipeline}/tests/quality/{test}.sql", sql);

    /// <summary>Publishes a pipeline's draft; the answer, whatever its status.</summary>
    public Task<ContractResponse> PublishAsync(string pipeline, string layer = "bronze") =>
        client.PostAsync($"/api/v1/pipelines/{ns}/{layer}/{pipeline}/publish");

    public async Task DeleteFileAsync(string path) => (await client.DeleteAsync($"/api/v1/files/{ns}/{path}")).Expect(204);

    /// <summary>Starts a run and returns its id.</summary>
    public async Task<string> StartAsync(string name, string layer = "bronze") =>
        (string)(await client.PostAsync("/api/v1/runs", new { @namespace = ns, layer, pipeline = name })).Expect(202)["run_id"]!;

    /// <summary>Follows a run's log stream to its end.</summary>
    public async Task<EndedRun> EndAsync(string id)
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<LoggedLine>();
        JsonNode? status = null;
        await foreach (var happened in client.StreamAsync($"/api/v1/runs/{id}/logs", patience.Token))
        {
            if (happened.Name == "log")
                lines.Add(new LoggedLine((string)happened.Json["level"]!, (string)happened.Json["message"]!));
            else if (happened.Name == "status")
                status = happened.Json;
        }

        Assert.NotNull(status);
        return new EndedRun(id, (string)status["status"]!, (long?)status["rows_written"], (string?)status["error"], lines);
    }

    /// <summary>Follows a run's log stream until a line is there.</summary>
    public async Task ReachAsync(string id, string message)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var happened in client.StreamAsync($"/api/v1/runs/{id}/logs", patience.Token))
        {
            if (happened.Name == "log" && (string)happened.Json["message"]! == message)
                return;
        }

        Assert.Fail($"run {id} has ended without the line {message}");
    }

    /// <summary>The run as the API shows it.</summary>
    public async Task<ContractResponse> RunOfAsync(string id) => (await client.GetAsync($"/api/v1/runs/{id}")).Expect(200);

    public Task<ContractResponse> CancelAsync(string id) => client.PostAsync($"/api/v1/runs/{id}/cancel");

    public async Task<EndedRun> RunAsync(string name, string layer = "bronze") => await EndAsync(await StartAsync(name, layer));

    /// <summary>Makes the pipeline and runs it to its end.</summary>
    public async Task<EndedRun> RunSqlAsync(string name, string sql, string? config = null, string layer = "bronze")
    {
        await PutPipelineAsync(name, sql, config, layer);
        return await RunAsync(name, layer);
    }

    /// <summary>The answer to a query, whatever its status.</summary>
    public Task<ContractResponse> QueryAsync(string sql, int? limit = null) =>
        client.PostAsync("/api/v1/query", new { sql, @namespace = ns, limit = limit ?? 0 });

    /// <summary>The table's details, whatever the status.</summary>
    public Task<ContractResponse> TableAsync(string name, string layer = "bronze") => client.GetAsync($"/api/v1/tables/{ns}/{layer}/{name}");

    public async Task<JsonArray> RowsAsync(string sql) => (await QueryAsync(sql)).Expect(200)["rows"]!.AsArray();

    /// <summary>The one cell of the one row, as JSON.</summary>
    public async Task<string> CellAsync(string sql)
    {
        var row = Assert.Single(await RowsAsync(sql))!.AsObject();
        return Assert.Single(row).Value?.ToJsonString() ?? "null";
    }

    public async Task UploadAsync(string zone, string fileName, string text)
    {
        var created = await client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = zone });
        Assert.True(created.Status is 201 or 409, created.Text);
        (await client.UploadAsync($"/api/v1/landing-zones/{ns}/{zone}/files", fileName, text)).Expect(201);
    }
}

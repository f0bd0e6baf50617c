using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>A run that has ended.</summary>
internal sealed record EndedRun(string Id, string Status, long? Rows, string? Error, IReadOnlyList<string> Messages)
{
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
    public string Namespace => ns;

    public ContractClient Client => client;

    /// <summary>Makes the pipeline, or writes its files anew.</summary>
    public async Task PutPipelineAsync(string name, string sql, string? config = null, string layer = "bronze")
    {
        var created = await client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer, name });
        Assert.Contains(created.Status, [201, 409]);
        await PutFileAsync($"pipelines/{layer}/{name}/pipeline.sql", sql);
        await PutFileAsync($"pipelines/{layer}/{name}/config.yaml", config ?? "");
    }

    public async Task PutFileAsync(string path, string content) =>
        (await client.PutAsync($"/api/v1/files/{ns}/{path}", new { content })).Expect(200);

    /// <summary>Starts a run and returns its id.</summary>
    public async Task<string> StartAsync(string name, string layer = "bronze") =>
        (string)(await client.PostAsync("/api/v1/runs", new { @namespace = ns, layer, pipeline = name })).Expect(202)["run_id"]!;

    /// <summary>Follows a run's log stream to its end.</summary>
    public async Task<EndedRun> EndAsync(string id)
    {
        var messages = new List<string>();
        JsonNode? status = null;
        await foreach (var happened in client.StreamAsync($"/api/v1/runs/{id}/logs"))
        {
            if (happened.Name == "log")
                messages.Add((string)happened.Json["message"]!);
            else if (happened.Name == "status")
                status = happened.Json;
        }

        Assert.NotNull(status);
        return new EndedRun(id, (string)status["status"]!, (long?)status["rows_written"], (string?)status["error"], messages);
    }

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
        Assert.Contains(created.Status, [201, 409]);
        (await client.UploadAsync($"/api/v1/landing-zones/{ns}/{zone}/files", fileName, text)).Expect(201);
    }
}

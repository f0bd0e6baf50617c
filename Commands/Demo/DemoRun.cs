using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Rat.Commands.Demo;

/// <summary>Brings the sample project into a server through its API, runs it bronze → silver → gold, and shows the gold table. Done again on
/// the same server, it changes nothing but the runs: a file that is there already is not uploaded twice.</summary>
internal sealed class DemoRun(RatClient client, TextWriter output)
{
    private const string Namespace = "default";
    private const string Summary = "SELECT * FROM gold.launch_summary ORDER BY total_launches DESC, country, launch_year LIMIT 20";

    /// <summary>True when every pipeline succeeded.</summary>
    public async Task<bool> ExecuteAsync(CancellationToken cancellation)
    {
        foreach (var zone in SampleProject.LandingFiles.GroupBy(file => file.Zone))
            await FillAsync(zone.Key, zone, cancellation);

        foreach (var pipeline in SampleProject.Pipelines)
        {
            await CreateAsync(pipeline, cancellation);
            if (!await RunAsync(pipeline, cancellation))
                return false;
        }

        await AutomateAsync(cancellation);
        await ShowAsync(cancellation);
        return true;
    }

    private async Task FillAsync(string zone, IEnumerable<SampleProject.LandingFile> files, CancellationToken cancellation)
    {
        await UnlessThereAsync("/api/v1/landing-zones", new JsonObject { ["namespace"] = Namespace, ["name"] = zone }, cancellation);
        var path = $"/api/v1/landing-zones/{Namespace}/{zone}/files";
        var present = (await client.SendAsync(HttpMethod.Get, path, null, cancellation))["files"]!.AsArray();
        foreach (var file in files)
        {
            if (present.Any(there => ((string?)there!["filename"])?.EndsWith(file.Name, StringComparison.Ordinal) == true))
                continue;
            await using var content = SampleProject.Open(file.Resource);
            await client.UploadAsync(path, file.Name, content, cancellation);
            await output.WriteLineAsync($"  upload  {file.Name} → landing zone {zone}");
        }
    }

    private async Task CreateAsync(SampleProject.Pipeline pipeline, CancellationToken cancellation)
    {
        await UnlessThereAsync("/api/v1/pipelines",
            new JsonObject { ["namespace"] = Namespace, ["layer"] = pipeline.Layer, ["name"] = pipeline.Name, ["type"] = "sql" }, cancellation);
        foreach (var (name, resource) in pipeline.Files)
        {
            using var reader = new StreamReader(SampleProject.Open(resource));
            await client.SendAsync(HttpMethod.Put, $"/api/v1/files/{Namespace}/pipelines/{pipeline.Layer}/{pipeline.Name}/{name}",
                new JsonObject { ["content"] = await reader.ReadToEndAsync(cancellation) }, cancellation);
        }
    }

    private async Task<bool> RunAsync(SampleProject.Pipeline pipeline, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var run = await client.SendAsync(HttpMethod.Post, "/api/v1/runs",
            new JsonObject { ["namespace"] = Namespace, ["layer"] = pipeline.Layer, ["pipeline"] = pipeline.Name }, cancellation);
        var end = await client.FollowAsync((string)run["run_id"]!, cancellation);
        var milliseconds = (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var status = (string)end["status"]!;
        await output.WriteLineAsync($"  {status,-7} {pipeline.Layer}.{pipeline.Name}, {end["rows_written"]} rows, {milliseconds} ms");
        if (status != "success")
            await output.WriteLineAsync($"          {end["error"]}");
        return status == "success";
    }

    /// <summary>From now on an upload of launches runs through to gold by itself.</summary>
    private async Task AutomateAsync(CancellationToken cancellation)
    {
        const string zone = "launch-data";
        (string Pipeline, string Type, JsonObject Config)[] chain =
        [
            ("bronze/mission_log", "landing_zone_upload", new JsonObject { ["namespace"] = Namespace, ["zone_name"] = zone }),
            ("silver/enriched_launches", "pipeline_success", OnSuccess("bronze", "mission_log")),
            ("gold/launch_summary", "pipeline_success", OnSuccess("silver", "enriched_launches")),
        ];
        foreach (var (pipeline, type, config) in chain)
        {
            var path = $"/api/v1/pipelines/{Namespace}/{pipeline}/triggers";
            if ((int)(await client.SendAsync(HttpMethod.Get, path, null, cancellation))["total"]! == 0)
                await client.SendAsync(HttpMethod.Post, path, new JsonObject { ["type"] = type, ["config"] = config }, cancellation);
        }

        await output.WriteLineAsync($"  trigger upload to {zone} → {string.Join(" → ", chain.Select(link => link.Pipeline.Replace('/', '.')))}");

        static JsonObject OnSuccess(string layer, string pipeline) => new() { ["namespace"] = Namespace, ["layer"] = layer, ["pipeline"] = pipeline };
    }

    private async Task ShowAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Post, "/api/v1/query",
            new JsonObject { ["sql"] = Summary, ["namespace"] = Namespace }, cancellation);
        var columns = answer["columns"]!.AsArray().Select(column => (string)column!["name"]!).ToList();
        var rows = answer["rows"]!.AsArray().Select(row => columns.Select(column => row![column]?.ToString() ?? "").ToList()).ToList();
        await output.WriteLineAsync();
        await output.WriteLineAsync("gold.launch_summary");
        await output.WriteAsync(TextTable.Format(columns, rows));
    }

    private async Task UnlessThereAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        try
        {
            await client.SendAsync(HttpMethod.Post, path, body, cancellation);
        }
        catch (RefusedException refused) when (refused.Status == HttpStatusCode.Conflict)
        {
        }
    }
}

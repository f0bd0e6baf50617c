namespace Rat.Tests.Contract.Conformance;

/// <summary>One walk through the whole API: what there is, is made, looked at, changed and deleted; what isn't, is asked for.</summary>
internal sealed class Scenarios(Prober prober, ContractClient client)
{
    private const string Api = "/api/v1";
    private const string Slow = "SELECT sum((a.range * b.range) % 7) AS n FROM range(2000000) AS a, range(2000000) AS b";

    private readonly TestPlatform _platform = new(client, "conf");

    public async Task RunAsync()
    {
        await HealthAsync();
        await NamespacesAsync();
        await PipelinesAsync();
        await FilesAsync();
        await SidecarsAsync();
        await RunsAsync();
        await PreviewsAsync();
        await PublicationsAsync();
        await QualityAsync("pipelines/conf/bronze/p/tests", "pipelines/conf/bronze/none/tests");
        await QualityAsync("tests/conf/bronze/p", "tests/conf/bronze/none");
        await TablesAsync();
        await ZonesAsync();
        await LandingFilesAsync();
        await SamplesAsync();
        await OthersAsync();
        await new AutomationScenarios(prober, client).RunAsync();
        await DeletionsAsync();
    }

    private async Task HealthAsync()
    {
        foreach (var path in (string[])["/health", "/health/live", "/health/ready", "/metrics", $"{Api}/features"])
            await GetAsync(200, path);
    }

    private async Task NamespacesAsync()
    {
        await PostAsync(201, "/namespaces", new { name = "conf" });
        await PostAsync(409, "/namespaces", new { name = "conf" });
        await PostAsync(400, "/namespaces", new { name = "Conf" });
        await GetAsync(200, $"{Api}/namespaces");
        await PutAsync(204, "/namespaces/conf", new { description = "d" });
        await PutAsync(400, "/namespaces/conf", new { });
        await PutAsync(404, "/namespaces/nobody", new { description = "d" });
    }

    private async Task PipelinesAsync()
    {
        await PostAsync(201, "/pipelines", new { @namespace = "conf", layer = "bronze", name = "p" });
        await PostAsync(409, "/pipelines", new { @namespace = "conf", layer = "bronze", name = "p" });
        await PostAsync(400, "/pipelines", new { @namespace = "conf", layer = "iron", name = "p" });
        await PostAsync(404, "/pipelines", new { @namespace = "nobody", layer = "bronze", name = "p" });
        await GetAsync(200, $"{Api}/pipelines");
        await GetAsync(200, $"{Api}/pipelines/conf/bronze/p");
        await GetAsync(404, $"{Api}/pipelines/conf/bronze/none");
        await PutAsync(200, "/pipelines/conf/bronze/p", new { description = "d" });
        await PutAsync(400, "/pipelines/conf/bronze/p", new { type = "r" });
        await PutAsync(404, "/pipelines/conf/bronze/none", new { });
    }

    private async Task FilesAsync()
    {
        await PutAsync(200, "/files/conf/pipelines/bronze/p/pipeline.sql", new { content = "SELECT 1 AS id" });
        await PutAsync(400, "/files/conf/a..b", new { content = "x" });
        await GetAsync(200, $"{Api}/files/conf/pipelines/bronze/p/pipeline.sql");
        await GetAsync(404, $"{Api}/files/conf/none.sql");
        await GetAsync(400, $"{Api}/files/Conf/none.sql");
        await GetAsync(200, $"{Api}/files?prefix=conf/");
        await GetAsync(400, $"{Api}/files");
        await prober.UploadAsync(client, 201, $"{Api}/files/upload", "x"u8.ToArray(), ("path", "conf/docs/readme.md"));
        await prober.UploadAsync(client, 400, $"{Api}/files/upload", "x"u8.ToArray());
        await DeleteAsync(204, "/files/conf/docs/readme.md");
        await DeleteAsync(400, "/files/Conf/docs/readme.md");
        await prober.SendAsync(client, 403, "POST", $"{Api}/files/upload", "", ("Origin", "https://elsewhere.example"));
    }

    private async Task SidecarsAsync()
    {
        string[] paths =
        [
            "pipelines/conf/bronze/p/metadata", "pipelines/conf/bronze/p/metadata/quality", "metadata/conf/pipeline/bronze/p",
            "metadata/conf/quality/bronze/p",
        ];
        foreach (var path in paths)
            await GetAsync(404, $"{Api}/{path}");
        await PutAsync(200, "/files/conf/pipelines/bronze/p/pipeline.meta.yaml", new { content = "a: b" });
        await PutAsync(200, "/files/conf/pipelines/bronze/p/tests/quality.meta.yaml", new { content = "a: b" });
        foreach (var path in paths)
            await GetAsync(200, $"{Api}/{path}");
    }

    private async Task RunsAsync()
    {
        var started = await PostAsync(202, "/runs", new { @namespace = "conf", layer = "bronze", pipeline = "p" });
        await PostAsync(400, "/runs", new { @namespace = "conf", layer = "bronze" });
        await PostAsync(404, "/runs", new { @namespace = "conf", layer = "bronze", pipeline = "none" });
        var run = started.TextOf("run_id");
        (await _platform.EndAsync(run)).ExpectSuccess();
        await GetAsync(200, $"{Api}/runs");
        await GetAsync(400, $"{Api}/runs?from=yesterday");
        await GetAsync(200, $"{Api}/runs/{run}");
        await GetAsync(404, $"{Api}/runs/{Guid.Empty}");
        await GetAsync(200, $"{Api}/runs/{run}/logs");
        await GetAsync(404, $"{Api}/runs/none/logs");
        await PostAsync(409, $"/runs/{run}/cancel");
        await PostAsync(404, $"/runs/{Guid.Empty}/cancel");

        await _platform.PutPipelineAsync("slow", Slow);
        await PostAsync(200, $"/runs/{await _platform.StartAsync("slow")}/cancel");
    }

    private async Task PreviewsAsync()
    {
        await PostAsync(200, "/pipelines/conf/bronze/p/preview", new { limit = 1 });
        await PostAsync(400, "/pipelines/conf/bronze/p/preview", "{");
        await PostAsync(404, "/pipelines/conf/bronze/none/preview");
    }

    private async Task PublicationsAsync()
    {
        const string Path = "/pipelines/conf/bronze/p";
        await PostAsync(200, $"{Path}/publish", new { message = "first" });
        await PostAsync(404, "/pipelines/conf/bronze/none/publish");
        await _platform.PutPipelineAsync("broken", "SELECT {{");
        await PostAsync(422, "/pipelines/conf/bronze/broken/publish");
        await GetAsync(200, $"{Api}{Path}/versions");
        await GetAsync(404, $"{Api}/pipelines/conf/bronze/none/versions");
        await GetAsync(200, $"{Api}{Path}/versions/1");
        await GetAsync(400, $"{Api}{Path}/versions/one");
        await GetAsync(404, $"{Api}{Path}/versions/99");
        await PostAsync(200, $"{Path}/rollback", new { version = 1 });
        await PostAsync(400, $"{Path}/rollback", "{");
        await PostAsync(404, $"{Path}/rollback", new { version = 99 });
    }

    private async Task QualityAsync(string path, string none)
    {
        await PostAsync(201, $"/{path}", new { name = "t", sql = "SELECT 1 WHERE false" });
        await PostAsync(409, $"/{path}", new { name = "t", sql = "SELECT 1 WHERE false" });
        await PostAsync(400, $"/{path}", new { name = "t" });
        await PostAsync(404, $"/{none}", new { name = "t", sql = "SELECT 1" });
        await GetAsync(200, $"{Api}/{path}");
        await GetAsync(404, $"{Api}/{none}");
        await PostAsync(200, $"/{path}/run");
        await PostAsync(404, $"/{none}/run");
        await DeleteAsync(204, $"/{path}/t");
        await DeleteAsync(404, $"/{path}/t");
    }

    private async Task TablesAsync()
    {
        await PostAsync(200, "/query", new { sql = "SELECT id FROM bronze.p", @namespace = "conf" });
        await PostAsync(400, "/query", new { sql = "SELEC" });
        await GetAsync(200, $"{Api}/schema");
        await GetAsync(200, $"{Api}/tables");
        foreach (var path in (string[])["", "/preview"])
        {
            await GetAsync(200, $"{Api}/tables/conf/bronze/p{path}");
            await GetAsync(404, $"{Api}/tables/conf/bronze/none{path}");
        }

        await PutAsync(200, "/tables/conf/bronze/p/metadata", new { description = "d" });
        await PutAsync(400, "/tables/conf/bronze/p/metadata", "[]");
        await PutAsync(404, "/tables/conf/bronze/none/metadata", new { });
    }

    private async Task ZonesAsync()
    {
        await PostAsync(201, "/landing-zones", new { @namespace = "conf", name = "z" });
        await PostAsync(409, "/landing-zones", new { @namespace = "conf", name = "z" });
        await PostAsync(400, "/landing-zones", new { @namespace = "conf" });
        await PostAsync(404, "/landing-zones", new { @namespace = "nobody", name = "z" });
        await GetAsync(200, $"{Api}/landing-zones");
        await GetAsync(200, $"{Api}/landing-zones/conf/z");
        await GetAsync(404, $"{Api}/landing-zones/conf/none");
        await PutAsync(200, "/landing-zones/conf/z", new { description = "d" });
        await PutAsync(400, "/landing-zones/conf/z", "{");
        await PutAsync(404, "/landing-zones/conf/none", new { });
        await GetAsync(200, $"{Api}/landing-zones/conf/z/lifecycle");
        await GetAsync(404, $"{Api}/landing-zones/conf/none/lifecycle");
        await PutAsync(204, "/landing-zones/conf/z/lifecycle", new { auto_purge = true });
        await PutAsync(400, "/landing-zones/conf/z/lifecycle", "{");
        await PutAsync(404, "/landing-zones/conf/none/lifecycle", new { auto_purge = true });
    }

    private async Task LandingFilesAsync()
    {
        const string Files = $"{Api}/landing-zones/conf/z/files";
        var kept = await prober.UploadAsync(client, 201, Files, "x"u8.ToArray());
        var deleted = await prober.UploadAsync(client, 201, Files, "x"u8.ToArray());
        await prober.UploadAsync(client, 404, $"{Api}/landing-zones/conf/none/files", "x"u8.ToArray());
        await GetAsync(200, Files);
        await GetAsync(404, $"{Api}/landing-zones/conf/none/files");
        await GetAsync(200, $"{Files}/{kept["id"] ?? kept["file_id"]}");
        await GetAsync(400, $"{Files}/none");
        await GetAsync(404, $"{Files}/{Guid.Empty}");
        await DeleteAsync(204, $"/landing-zones/conf/z/files/{deleted["id"] ?? deleted["file_id"]}");
        await DeleteAsync(404, $"/landing-zones/conf/z/files/{Guid.Empty}");
    }

    private async Task SamplesAsync()
    {
        const string Samples = $"{Api}/landing-zones/conf/z/samples";
        await prober.UploadAsync(client, 201, Samples, "x"u8.ToArray());
        await prober.UploadAsync(client, 404, $"{Api}/landing-zones/conf/none/samples", "x"u8.ToArray());
        await GetAsync(200, Samples);
        await GetAsync(404, $"{Api}/landing-zones/conf/none/samples");
        await DeleteAsync(204, "/landing-zones/conf/z/samples/upload.csv");
        await DeleteAsync(404, "/landing-zones/conf/z/samples/upload.csv");
    }

    private async Task OthersAsync()
    {
        await GetAsync(200, $"{Api}/lineage");
        await GetAsync(200, $"{Api}/audit");
        await PostAsync(501, "/sharing", new { });
        await GetAsync(501, $"{Api}/sharing");
        await DeleteAsync(501, "/sharing/none");
        await PostAsync(501, "/sharing/transfer", new { });
    }

    private async Task DeletionsAsync()
    {
        await DeleteAsync(403, "/namespaces/default");
        await DeleteAsync(404, "/namespaces/nobody");
        await DeleteAsync(409, "/namespaces/conf");
        await PostAsync(201, "/namespaces", new { name = "empty" });
        await DeleteAsync(204, "/namespaces/empty");
        await PostAsync(201, "/pipelines", new { @namespace = "conf", layer = "gold", name = "last" });
        await DeleteAsync(204, "/pipelines/conf/gold/last");
        await DeleteAsync(404, "/pipelines/conf/gold/last");
        await PostAsync(201, "/landing-zones", new { @namespace = "conf", name = "last" });
        await DeleteAsync(204, "/landing-zones/conf/last");
        await DeleteAsync(404, "/landing-zones/conf/last");
    }

    private Task<ContractResponse> GetAsync(int status, string path) => prober.SendAsync(client, status, "GET", path);

    private Task<ContractResponse> PostAsync(int status, string path, object? body = null) => prober.SendAsync(client, status, "POST", Api + path, body);

    private Task<ContractResponse> PutAsync(int status, string path, object? body) => prober.SendAsync(client, status, "PUT", Api + path, body);

    private Task<ContractResponse> DeleteAsync(int status, string path) => prober.SendAsync(client, status, "DELETE", Api + path);
}

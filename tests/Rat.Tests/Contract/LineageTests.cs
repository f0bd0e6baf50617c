using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>The lineage graph (behaviour §13, engine.md 2.9).</summary>
public class LineageTests(ContractServer server) : IClassFixture<ContractServer>
{
    [Fact]
    public async Task Nothing_is_an_empty_graph()
    {
        var ns = await server.NewNamespaceAsync();
        Assert.Equal("""{"nodes":[],"edges":[]}""", (await server.Client.GetAsync($"/api/v1/lineage?namespace={ns}")).Expect(200).Text);
        Assert.Equal("""{"nodes":[],"edges":[]}""", (await server.Client.GetAsync("/api/v1/lineage?namespace=no%20such")).Expect(200).Text);
    }

    [Fact]
    public async Task References_of_the_text_become_edges_wherever_they_stand()
    {
        var (platform, other) = (await PlatformAsync(), await PlatformAsync());
        var (ns, on) = (platform.Namespace, other.Namespace);
        await platform.PutPipelineAsync("p", $$$"""
            -- not run: ref( 'bronze.commented' )
            SELECT * FROM {{ ref('bronze.a') }} JOIN {{ ref("bronze.a") }} USING (x) JOIN {{ ref("{{{on}}}.gold.b') }} USING (x)
            {% if false %} {{ ref('silver.never') }} {% endif %} {{ landing_zone('zone-1') }} {{ landing_zone( "zone-1" ) }}
            {{ ref('one') }} {{ ref('a.b.c.d') }} {{ ref(x) }} {{ ref('a' ~ 'b') }} {{ ref('{{{ns}}}.bronze.a') }} prefixed_ref('odd.table')
            """, layer: "silver");
        var graph = await GraphAsync(ns);
        Assert.Equal(
            [$"landing:{ns}.zone-1", $"pipeline:{ns}.silver.p", $"table:{on}.gold.b", $"table:{ns}.bronze.a", $"table:{ns}.bronze.commented",
             $"table:{ns}.odd.table", $"table:{ns}.silver.never", $"table:{ns}.silver.p"],
            graph.Nodes.Keys.OrderBy(id => id.Replace($"{on}.gold", "a", StringComparison.Ordinal), StringComparer.Ordinal));
        Assert.Equal(
            ((string[])[
                $"pipeline:{ns}.silver.p -produces-> table:{ns}.silver.p", $"table:{ns}.bronze.commented -ref-> pipeline:{ns}.silver.p",
                $"table:{ns}.bronze.a -ref-> pipeline:{ns}.silver.p", $"table:{on}.gold.b -ref-> pipeline:{ns}.silver.p",
                $"table:{ns}.silver.never -ref-> pipeline:{ns}.silver.p", $"table:{ns}.odd.table -ref-> pipeline:{ns}.silver.p",
                $"landing:{ns}.zone-1 -landing_input-> pipeline:{ns}.silver.p",
            ]).Order(), graph.Edges.Order());

        // What doesn't exist has no figures.
        Assert.Equal($$"""{"id":"table:{{ns}}.bronze.a","type":"table","namespace":"{{ns}}","layer":"bronze","name":"a"}""", graph.Nodes[$"table:{ns}.bronze.a"].ToJsonString());
        Assert.Equal($$"""{"id":"landing:{{ns}}.zone-1","type":"landing_zone","namespace":"{{ns}}","name":"zone-1"}""", graph.Nodes[$"landing:{ns}.zone-1"].ToJsonString());
    }

    [Fact]
    public async Task The_graph_follows_every_change_at_once()
    {
        var platform = await PlatformAsync();
        var ns = platform.Namespace;
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var pipeline = $"pipeline:{ns}.bronze.p";
        Assert.False((await GraphAsync(ns)).Nodes[pipeline].ContainsKey("latest_run"));

        var run = (await platform.RunAsync("p")).ExpectSuccess();
        var node = (await GraphAsync(ns)).Nodes[pipeline];
        Assert.Equal((run.Id, "success"), ((string)node["latest_run"]!["id"]!, (string)node["latest_run"]!["status"]!));
        Assert.Equal((string)(await platform.RunOfAsync(run.Id))["started_at"]!, (string)node["latest_run"]!["started_at"]!);
        Assert.Equal((long)(await platform.RunOfAsync(run.Id))["duration_ms"]!, (long)node["latest_run"]!["duration_ms"]!);
        var table = (await platform.TableAsync("p")).Expect(200);
        Assert.Equal($$"""{"row_count":1,"size_bytes":{{table["size_bytes"]}}}""", (await GraphAsync(ns)).Nodes[$"table:{ns}.bronze.p"]["table_stats"]!.ToJsonString());

        // Source, tests, type.
        await platform.PutFileAsync("pipelines/bronze/p/pipeline.sql", "SELECT * FROM {{ ref('silver.q') }}");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/t1.sql", "SELECT 1");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/sub/t2.sql", "SELECT * FROM {{ ref('gold.only_in_a_test') }}");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/readme.md", "no test");
        var graph = await GraphAsync(ns);
        Assert.Contains($"table:{ns}.silver.q -ref-> {pipeline}", graph.Edges);
        Assert.DoesNotContain($"table:{ns}.gold.only_in_a_test", graph.Nodes.Keys);
        Assert.Equal(2, (int)graph.Nodes[pipeline]["quality"]!["total"]!);
        (await server.Client.PutAsync($"/api/v1/pipelines/{ns}/bronze/p", new { type = "python" })).Expect(200);
        Assert.DoesNotContain($"table:{ns}.silver.q", (await GraphAsync(ns)).Nodes.Keys);
        await platform.PutFileAsync("pipelines/bronze/p/pipeline.py", "# ref('bronze.py')\nresult = ref(\"bronze.py2\")");
        Assert.Equal([$"table:{ns}.bronze.py", $"table:{ns}.bronze.py2"], (await GraphAsync(ns)).Nodes.Keys.Where(id => id.Contains(".py", StringComparison.Ordinal)).Order());
        await platform.DeleteFileAsync("pipelines/bronze/p/pipeline.py");
        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/t1.sql");
        graph = await GraphAsync(ns);
        Assert.DoesNotContain($"table:{ns}.bronze.py", graph.Nodes.Keys);
        Assert.Equal(1, (int)graph.Nodes[pipeline]["quality"]!["total"]!);

        // Zones and their files.
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        Assert.Equal("""{"file_count":1}""", (await GraphAsync(ns)).Nodes[$"landing:{ns}.z"]["landing_info"]!.ToJsonString());
        (await server.Client.DeleteAsync($"/api/v1/landing-zones/{ns}/z")).Expect(204);
        Assert.DoesNotContain($"landing:{ns}.z", (await GraphAsync(ns)).Nodes.Keys);

        // A deleted pipeline is gone, its table is not; the next of its name is another one.
        (await server.Client.DeleteAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(204);
        graph = await GraphAsync(ns);
        Assert.Equal([$"table:{ns}.bronze.p"], graph.Nodes.Keys);
        Assert.Empty(graph.Edges);
        await platform.PutPipelineAsync("p", "SELECT * FROM {{ ref('bronze.p') }}");
        graph = await GraphAsync(ns);
        Assert.False(graph.Nodes[pipeline].ContainsKey("latest_run"));
        Assert.Equal([$"{pipeline} -produces-> table:{ns}.bronze.p", $"table:{ns}.bronze.p -ref-> {pipeline}"], graph.Edges.Order());
    }

    [Fact]
    public async Task The_newest_results_of_the_tests_are_counted()
    {
        var platform = await PlatformAsync();
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/good.sql", "SELECT 1 WHERE false");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/warns.sql", "-- @severity: warn\nSELECT 1");
        Assert.Equal("""{"total":2,"passed":0,"failed":0,"warned":0}""", await QualityAsync());
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("""{"total":2,"passed":1,"failed":0,"warned":1}""", await QualityAsync());
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/bad.sql", "SELECT 1");
        Assert.Equal("""{"total":3,"passed":1,"failed":0,"warned":1}""", await QualityAsync());
        (await platform.RunAsync("p")).ExpectFailure();
        Assert.Equal("""{"total":3,"passed":1,"failed":1,"warned":1}""", await QualityAsync());

        async Task<string> QualityAsync() =>
            (await GraphAsync(platform.Namespace)).Nodes[$"pipeline:{platform.Namespace}.bronze.p"]["quality"]!.ToJsonString();
    }

    [Fact]
    public async Task Without_a_filter_all_namespaces_are_in_it()
    {
        var (a, b) = (await PlatformAsync(), await PlatformAsync());
        await a.PutPipelineAsync("x", $"SELECT * FROM {{{{ ref('{b.Namespace}.bronze.y') }}}}");
        await b.PutPipelineAsync("y", $"SELECT * FROM {{{{ ref('{a.Namespace}.bronze.x') }}}}");
        var all = await GraphAsync(null);
        Assert.Contains($"table:{b.Namespace}.bronze.y -ref-> pipeline:{a.Namespace}.bronze.x", all.Edges);
        Assert.Contains($"table:{a.Namespace}.bronze.x -ref-> pipeline:{b.Namespace}.bronze.y", all.Edges);
        var one = await GraphAsync(a.Namespace);
        Assert.Equal([$"pipeline:{a.Namespace}.bronze.x", $"table:{a.Namespace}.bronze.x", $"table:{b.Namespace}.bronze.y"], one.Nodes.Keys.Order());
        Assert.Equal(2, one.Edges.Count);
    }

    [Fact]
    public async Task Many_changes_at_once_are_all_seen()
    {
        var platform = await PlatformAsync();
        await GraphAsync(platform.Namespace);
        for (var i = 0; i < 3; i++)
        {
            await Task.WhenAll(Enumerable.Range(i * 200, 200).Select(async n =>
            {
                await platform.PutPipelineAsync($"p{n}", $"SELECT * FROM {{{{ ref('bronze.p{n + 1}') }}}}");
                if (n % 20 == 0)
                    await GraphAsync(platform.Namespace);
            }));
        }

        var graph = await GraphAsync(platform.Namespace);
        Assert.Equal(600 + 601, graph.Nodes.Count);
        Assert.Equal(1200, graph.Edges.Count);
        Assert.Contains($"table:{platform.Namespace}.bronze.p600 -ref-> pipeline:{platform.Namespace}.bronze.p599", graph.Edges);
    }

    private async Task<TestPlatform> PlatformAsync() => new(server.Client, await server.NewNamespaceAsync());

    private async Task<Graph> GraphAsync(string? ns)
    {
        var answer = (await server.Client.GetAsync(ns is null ? "/api/v1/lineage" : $"/api/v1/lineage?namespace={ns}")).Expect(200);
        var nodes = answer["nodes"]!.AsArray().Select(node => node!.AsObject()).ToList();
        var edges = answer["edges"]!.AsArray().Select(edge => $"{edge!["source"]} -{edge["type"]}-> {edge["target"]}").ToList();
        Assert.Equal(nodes.Count, nodes.Select(node => (string)node["id"]!).Distinct().Count());
        Assert.Equal(edges.Count, edges.Distinct().Count());
        return new Graph(nodes.ToDictionary(node => (string)node["id"]!), edges);
    }

    private sealed record Graph(IReadOnlyDictionary<string, JsonObject> Nodes, IReadOnlyList<string> Edges);
}

using Rat.Tests.BadInput;
using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Browser;

/// <summary>A page in a real browser: one of another origin changes nothing, a page of a proxy's name works once the name is allowed.</summary>
public sealed class ForeignPageTests(ContractServer server) : IClassFixture<ContractServer>
{
    // Everything that a page may send without asking first (simple requests, forms, beacons), and what a browser asks for before it sends.
    private const string Attack = """
        <!doctype html><body><script>
        const rat = 'RAT', ns = 'NS', found = {}
        const json = body => ({ method: 'POST', mode: 'no-cors', body: JSON.stringify(body) })
        const form = fields => {
          const f = new FormData()
          for (const k in fields) k === 'file' ? f.append(k, fields[k], 'a.csv') : f.append(k, fields[k])
          return f
        }
        const blob = new Blob(['a\n1\n'])
        async function attempt(name, path, init) {
          try {
            const answer = await fetch(rat + path, init)
            found[name] = answer.type === 'opaque' ? 'sent' : answer.status
          } catch (e) { found[name] = 'refused by the browser' }
        }
        function submit(path, type, fields) {
          const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'f' + Math.random() }))
          const options = { method: 'POST', action: rat + path, enctype: type, target: frame.name }
          const f = document.body.appendChild(Object.assign(document.createElement('form'), options))
          for (const k in fields) f.appendChild(Object.assign(document.createElement('input'), { name: k, value: fields[k] }))
          f.submit()
          return new Promise(done => setTimeout(done, 700))
        }
        async function all() {
          const pipeline = `/api/v1/pipelines/${ns}/bronze/p`
          await attempt('upload', `/api/v1/landing-zones/${ns}/z/files`, { method: 'POST', mode: 'no-cors', body: form({ file: blob }) })
          await attempt('sample', `/api/v1/landing-zones/${ns}/z/samples`, { method: 'POST', mode: 'no-cors', body: form({ file: blob }) })
          await attempt('file', '/api/v1/files/upload', { method: 'POST', mode: 'no-cors', body: form({ path: `${ns}/x.sql`, file: blob }) })
          await attempt('run', '/api/v1/runs', json({ namespace: ns, layer: 'bronze', pipeline: 'p' }))
          await attempt('create', '/api/v1/namespaces', json({ name: 'evil' }))
          await attempt('query', '/api/v1/query', json({ sql: 'SELECT 1' }))
          await attempt('preview', pipeline + '/preview', json({}))
          await attempt('publish', pipeline + '/publish', json({}))
          await attempt('bodyless', pipeline + '/publish', { method: 'POST', mode: 'no-cors' })
          await attempt('delete', pipeline, { method: 'DELETE' })
          await attempt('put', `/api/v1/files/${ns}/x.sql`, { method: 'PUT', body: '{"content":"x"}' })
          await attempt('json', '/api/v1/namespaces', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"name":"evil2"}' })
          found.beacon = navigator.sendBeacon(rat + '/api/v1/namespaces', '{"name":"evil3"}')
          await submit('/api/v1/namespaces', 'text/plain', { '{"name":"evil4","a':'"}' })
          await submit('/api/v1/runs', 'text/plain', { [`{"namespace":"${ns}","layer":"bronze","pipeline":"p","a`]: '"}' })
          await submit('/api/v1/files/upload', 'multipart/form-data', { path: ns + '/y.sql', file: 'x' })
          await fetch('/report', { method: 'POST', body: JSON.stringify(found) })
        }
        all()
        </script></body>
        """;

    private const string OwnPage = """
        <!doctype html><script>
        (async () => {
          const list = await fetch('/api/v1/namespaces'), made = await fetch('/api/v1/namespaces', { method: 'POST', body: '{"name":"from-proxy"}' })
          const gone = await fetch('/api/v1/namespaces/from-proxy', { method: 'DELETE' })
          await fetch('/report', { method: 'POST', body: JSON.stringify({ list: list.status, made: made.status, gone: gone.status }) })
        })()
        </script>
        """;

    [BrowserTheory]
    [InlineData("127.0.0.1")] // the same site, another port
    [InlineData("evil.example")]
    public async Task A_page_of_another_origin_changes_nothing(string host)
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        await platform.PutPipelineAsync("p", "SELECT 1 AS id");
        (await server.Client.PostAsync("/api/v1/landing-zones", new { @namespace = platform.Namespace, name = "z" })).Expect(201);
        using var state = new ServerState(server.Process.DataDirectory);
        var before = state.Read();
        var refusedBefore = Refused();

        var address = server.Process.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        await using var site = await PageServer.StartAsync(Attack.Replace("RAT", address, StringComparison.Ordinal)
            .Replace("NS", platform.Namespace, StringComparison.Ordinal));
        await using var browser = Chromium.Open($"http://{host}:{site.Port}/");
        var found = await site.Report;

        // The simple requests did leave the browser, and the server refused them; what needs a preflight never left.
        foreach (var name in (string[])["upload", "sample", "file", "run", "create", "query", "preview", "publish", "bodyless"])
            Assert.Equal((name, "sent"), (name, (string?)found[name]));
        foreach (var name in (string[])["delete", "put", "json"])
            Assert.Equal((name, "refused by the browser"), (name, (string?)found[name]));
        for (var i = 0; i < 100 && Refused() - refusedBefore < 13; i++)
            await Task.Delay(50);
        Assert.Equal(13, Refused() - refusedBefore); // nine by fetch, a beacon, three forms
        Assert.Equal(before, state.Read());
        Assert.Equal(0, (int)(await server.Client.GetAsync($"/api/v1/runs?namespace={platform.Namespace}"))["total"]!);
    }

    [BrowserTheory]
    [InlineData("rebound.example")]
    public async Task A_page_whose_name_points_here_reads_nothing(string host)
    {
        var page = await Chromium.ReadAsync($"http://{host}:{server.Process.Client.BaseAddress!.Port}/api/v1/namespaces");
        Assert.Contains("RAT_ALLOWED_HOSTS", page, StringComparison.Ordinal);
        Assert.DoesNotContain("namespaces\"", page, StringComparison.Ordinal);
        Assert.Contains("\"default\"", await Chromium.ReadAsync($"{server.Process.Client.BaseAddress}api/v1/namespaces"), StringComparison.Ordinal);
    }

    [BrowserTheory]
    [InlineData("rat.example", 200, 201, 204)]
    [InlineData("other.example", 403, 403, 403)]
    public async Task A_page_of_a_proxys_name_works_once_it_is_allowed(string host, int list, int made, int gone)
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RAT_ALLOWED_HOSTS"] = "rat.example" });
        await using var proxy = await PageServer.StartAsync(OwnPage, rat.Client.BaseAddress);
        await using var browser = Chromium.Open($"http://{host}:{proxy.Port}/");
        var found = await proxy.Report;
        Assert.Equal((list, made, gone), ((int)found["list"]!, (int)found["made"]!, (int)found["gone"]!));
    }

    private int Refused() => server.Process.Output.Count(line =>
        line.Contains("\"method\":\"POST\"", StringComparison.Ordinal) && line.Contains("\"status\":403", StringComparison.Ordinal));
}

using System.Globalization;
using Rat.Tests.Contract;
using Rat.Tests.Http;
using Xunit.Abstractions;

namespace Rat.Tests.BadInput;

/// <summary>
/// Every operation that is built, every parameter and every field of it, wrong in every way that there is: always an envelope of a 4xx (or the
/// success that the contract has for it), never a 500, never a hang, and what was refused changed nothing. <c>RAT_BAD_INPUT_CASES</c> says how
/// many cases are sent (<c>all</c>: each), <c>RAT_BAD_INPUT_SEED</c> which and in which order, <c>RAT_BAD_INPUT_ONLY</c> sends one by its number.
/// </summary>
public sealed class BadInputSuiteTests(BadInputSuiteTests.QuietServer server, ITestOutputHelper output)
    : IClassFixture<BadInputSuiteTests.QuietServer>
{
    private const int StandardCases = 1500;
    private static readonly string[] Inside = ["System.", "   at ", "rat-test-"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static int Seed => int.Parse(Setting("SEED") ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Whatever_is_wrong_is_a_4xx_and_changes_nothing()
    {
        var cases = await CasesAsync();
        using var state = new ServerState(server.Process.DataDirectory);
        var before = await SettledAsync(state);
        var wrong = new List<string>();
        var statuses = new SortedDictionary<int, int>();
        var send = Chosen(cases.Count);
        foreach (var number in send)
        {
            var bad = cases[number];
            var name = $"case {number} (seed {Seed}): {bad}";
            try
            {
                var answer = await SendAsync(bad);
                statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
                wrong.AddRange(Check(bad, answer).Select(error => $"{name}\n    {error}"));
                before = await CompareAsync(state, before, answer.Status < 300 && bad.Operation.Method != "GET", name, wrong);
            }
            catch (Exception broken) when (broken is HttpRequestException or TimeoutException or IOException)
            {
                wrong.Add($"{name}\n    no answer: {broken.GetType().Name} {broken.Message}");
            }

            if (wrong.Count > 60)
                break;
        }

        var operations = cases.Select(bad => bad.Operation.Id).Distinct().Count();
        output.WriteLine($"{send.Count} of {cases.Count} cases of {operations} operations, seed {Seed}");
        output.WriteLine(string.Join(", ", statuses.Select(entry => $"{entry.Key}: {entry.Value}")));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(cases.Count >= 5000, $"only {cases.Count} cases");
        Assert.DoesNotContain(server.Process.Output, line => line.Contains("unhandled failure", StringComparison.Ordinal));
        (await server.Client.GetAsync("/api/v1/namespaces")).Expect(200);
    }

    private static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"RAT_BAD_INPUT_{name}") is { Length: > 0 } value ? value : null;

    private static List<int> Chosen(int count)
    {
        if (Setting("ONLY") is { } only)
            return [int.Parse(only, CultureInfo.InvariantCulture)];
        var order = Enumerable.Range(0, count).ToArray();
        new Random(Seed).Shuffle(order);
        var most = Setting("CASES") is { } number ? number == "all" ? count : int.Parse(number, CultureInfo.InvariantCulture) : StandardCases;
        return [.. order.Take(most)];
    }

    /// <summary>In a fixed order, so that a number names the same case on every server that has the same operations.</summary>
    private async Task<List<BadCase>> CasesAsync()
    {
        var contract = YamlToJson.Load(Path.Combine(Repository.Root, "tests", "contract", "openapi.yaml"));
        var built = (await server.Client.WithoutValidation.GetAsync("/api/v1/openapi.json")).Expect(200)["paths"]!;
        var generator = new CaseGenerator(contract, await FillAsync());
        return [.. ContractDocument.Instance.Operations
            .Where(operation => built[operation.Template]?[operation.Method.ToLowerInvariant()] is not null)
            .SelectMany(generator.Of)];
    }

    /// <summary>Something of everything, and by which names it is found.</summary>
    private async Task<IReadOnlyDictionary<string, string>> FillAsync()
    {
        var platform = new TestPlatform(server.Client, "bad");
        (await server.Client.PostAsync("/api/v1/namespaces", new { name = "bad" })).Expect(201);
        var ns = platform.Namespace;
        await platform.PutPipelineAsync("p", "SELECT 1 AS id");
        var run = await platform.RunAsync("p");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/t.sql", "SELECT count(*) FROM {{ this }} WHERE id IS NULL");
        (await server.Client.PostAsync($"/api/v1/pipelines/{ns}/bronze/p/publish")).Expect(200);
        (await server.Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = "z" })).Expect(201);
        var file = (await server.Client.UploadAsync($"/api/v1/landing-zones/{ns}/z/files", "a.csv", "a\n1\n")).Expect(201);
        (await server.Client.UploadAsync($"/api/v1/landing-zones/{ns}/z/samples", "s.csv", "a\n1\n")).Expect(201);
        return new Dictionary<string, string>
        {
            ["{namespace}"] = ns,
            ["{layer}"] = "bronze",
            ["{name}"] = "p",
            ["{pipeline}"] = "p",
            ["{zone_name}"] = "z",
            ["{run_id}"] = run.Id,
            ["{file_id}"] = file.TextOf("id"),
            ["{filename}"] = "s.csv",
            ["{path}"] = $"{ns}/bad/input.txt",
            ["{test_name}"] = "t",
            ["{number}"] = "1",
            ["{sql}"] = "SELECT 1 AS id",
            ["{code}"] = "SELECT 1 AS id",
            ["{cron}"] = "0 0 1 1 *",
        };
    }

    private async Task<ContractResponse> SendAsync(BadCase bad)
    {
        HttpContent? body = null;
        if (bad.Body is not null)
        {
            body = new ByteArrayContent(bad.Body);
            if (bad.ContentType is not null)
                body.Headers.TryAddWithoutValidation("Content-Type", bad.ContentType);
        }

        return await server.Client.WithoutValidation.SendAsync(bad.Operation.Method, bad.Target, body).WaitAsync(Patience);
    }

    private static IEnumerable<string> Check(BadCase bad, ContractResponse answer)
    {
        // Sharing needs an identity provider, the reaper its background work.
        if (answer.Status >= 500 && answer.Status != 501 && !(answer.Status == 503 && bad.Operation.Id == "triggerReaper"))
            yield return $"{answer.Status}: {answer.Text}";
        if (bad.Verdict == Verdict.Refused && answer.Status is < 400 or >= 600)
            yield return $"expected a 4xx, got {answer.Status}: {Start(answer)}";
        if (answer.Status < 400)
            yield break;

        var error = answer.MediaType == "application/json" ? answer.Json["error"] : null;
        var message = (string?)error?["message"] ?? "";
        if (string.IsNullOrWhiteSpace((string?)error?["code"]) || string.IsNullOrWhiteSpace((string?)error["type"]) || message.Length < 5)
            yield return $"{answer.Status} without a useful envelope: {Start(answer)}";
        if (answer.Status == 400 && bad.Mentions is { } word && !message.Contains(word, StringComparison.OrdinalIgnoreCase))
            yield return $"the message doesn't name {word}: {message}";
        if (Inside.Any(text => message.Contains(text, StringComparison.Ordinal)))
            yield return $"the message tells of the inside: {message}";
    }

    /// <summary>The state that counts from here on: after a success the new one.</summary>
    private async Task<IReadOnlyList<string>> CompareAsync(
        ServerState state, IReadOnlyList<string> before, bool mayChange, string name, List<string> wrong)
    {
        if (mayChange)
            return await SettledAsync(state);
        var after = state.Read();
        if (after.SequenceEqual(before))
            return before;
        // A file of a request that has just ended may still be on its way out.
        after = await SettledAsync(state);
        if (!after.SequenceEqual(before))
        {
            var (gone, came) = (string.Join("; ", before.Except(after).Take(3)), string.Join("; ", after.Except(before).Take(3)));
            wrong.Add($"{name}\n    changed: {gone} → {came}");
        }

        return after;
    }

    private async Task<IReadOnlyList<string>> SettledAsync(ServerState state)
    {
        for (var i = 0; i < 200; i++)
        {
            var active = 0L;
            foreach (var status in (string[])["pending", "running"])
                active += (long)(await server.Client.GetAsync($"/api/v1/runs?status={status}"))["total"]!;
            var before = state.Read();
            await Task.Delay(active > 0 ? 100 : 30);
            if (active == 0 && state.Read() is var after && after.SequenceEqual(before))
                return after;
        }

        throw new TimeoutException("the server doesn't come to rest");
    }

    /// <summary>A server that does nothing by itself.</summary>
    public sealed class QuietServer : IAsyncLifetime
    {
        internal RatProcess Process { get; private set; } = null!;

        internal ContractClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Process = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["SCHEDULER_ENABLED"] = "false" });
            Client = new ContractClient(Process.Client);
        }

        public async Task DisposeAsync() => await Process.DisposeAsync();
    }

    private static string Start(ContractResponse answer) => answer.Text[..Math.Min(answer.Text.Length, 300)];
}

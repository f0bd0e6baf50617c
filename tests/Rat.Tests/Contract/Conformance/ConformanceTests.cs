using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Tests.Http;
using Xunit.Abstractions;

namespace Rat.Tests.Contract.Conformance;

/// <summary>
/// Calls every operation over HTTP until each documented status was seen, and holds every answer with its headers against the contract. With
/// <c>RAT_CONFORMANCE_REPORT</c> set, the counts are written to that file.
/// </summary>
public class ConformanceTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, string> Open = new() { ["RATE_LIMIT"] = "0", ["RAT_MAX_UPLOAD"] = "1MB" };

    [Fact]
    public async Task Every_documented_status_is_reached_or_has_its_reason()
    {
        var prober = new Prober();
        await using (var open = await RatProcess.ServeAsync(Open))
        {
            var client = new ContractClient(open.Client);
            await new Scenarios(prober, client).RunAsync();
            await SendTooMuchAsync(prober, client);
            await SendForeignAsync(prober, client);
            await SendBadPathsAsync(prober, client);
            await BreakReadinessAsync(prober, client, open);
            await BreakDatabaseAsync(prober, client, open);
        }

        await SendWithoutKeyAsync(prober);
        await SendTooOftenAsync(prober);
        await SendWithoutBackgroundAsync(prober);
        Report(prober);
        Assert.Empty(Operations.Select(operation => operation.Id).Except(prober.Seen.Keys.Select(seen => seen.Operation)));
        Assert.Empty(Missing(prober));
    }

    private static IEnumerable<ContractOperation> Operations => ContractDocument.Instance.Operations;

    private static IEnumerable<string> Missing(Prober prober)
    {
        foreach (var operation in Operations)
        {
            foreach (var status in operation.Responses.Select(response => int.Parse(response.Key, CultureInfo.InvariantCulture)))
            {
                var (isSeen, reason) = (prober.Seen.ContainsKey((operation.Id, status)), Unreachable.Reason(operation.Id, status));
                if (isSeen == (reason is not null))
                    yield return isSeen ? $"{operation.Id} answered {status}, which was said to be out of reach" : $"{operation.Id} never answered {status}";
            }
        }
    }

    // A body over the limit is refused whatever it holds.
    private static async Task SendTooMuchAsync(Prober prober, ContractClient client)
    {
        foreach (var (_, sample) in Documented(prober, 413))
        {
            var large = sample.File is null
                ? sample with { Body = $$"""{"x": "{{new string('x', 1024 * 1024)}}"}""" }
                : sample with { File = new byte[1024 * 1024 + 1] };
            await prober.SendAsync(client, 413, large);
        }
    }

    // Without users, 403 is what a page of another origin gets.
    private static async Task SendForeignAsync(Prober prober, ContractClient client)
    {
        foreach (var (operation, sample) in Documented(prober, 403))
        {
            if (operation.Method != "GET" && sample.File is null)
                await prober.SendAsync(client, 403, sample, ("Origin", "https://elsewhere.example"));
        }
    }

    private static async Task SendBadPathsAsync(Prober prober, ContractClient client)
    {
        foreach (var (operation, sample) in Documented(prober, 400))
        {
            var template = operation.Template.Split('/');
            var at = Array.FindIndex(template, segment => segment is "{namespace}" or "{layer}" or "{name}" or "{zone_name}" or "{test_name}");
            if (at < 0)
                continue;
            var segments = sample.Path.Split('/');
            segments[at] = "NONE";
            await prober.SendAsync(client, 400, sample with { Path = string.Join('/', segments) });
        }
    }

    private static async Task BreakReadinessAsync(Prober prober, ContractClient client, RatProcess rat)
    {
        Directory.Delete(Path.Combine(rat.DataDirectory, "tmp"), recursive: true);
        var answer = await prober.SendAsync(client, 503, "GET", "/health/ready");
        Assert.Equal("error", (string)answer["checks"]!["storage"]!["status"]!);
    }

    // What nothing that is sent can bring about: the tables are gone under the running server.
    private static async Task BreakDatabaseAsync(Prober prober, ContractClient client, RatProcess rat)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(rat.DataDirectory, "rat.db")};Pooling=False");
        await connection.OpenAsync();
        foreach (var table in await TablesAsync(connection))
        {
            await using var drop = connection.CreateCommand();
            drop.CommandText = $"PRAGMA foreign_keys = OFF; DROP TABLE \"{table}\"";
            await drop.ExecuteNonQueryAsync();
        }

        foreach (var (operation, sample) in Documented(prober, 500))
        {
            if (Unreachable.Reason(operation.Id, 500) is not null)
                continue;
            var answer = await prober.SendAsync(client, 500, sample);
            Assert.Equal("internal error", answer.ExpectError(500, "INTERNAL"));
        }
    }

    private static async Task<List<string>> TablesAsync(SqliteConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task SendWithoutKeyAsync(Prober prober)
    {
        await using var keyed = await RatProcess.ServeAsync(new Dictionary<string, string>(Open) { ["RAT_API_KEY"] = "the key" });
        var client = new ContractClient(keyed.Client);
        foreach (var (_, sample) in Documented(prober, 401))
        {
            await prober.SendAsync(client, 401, sample);
            if (sample.File is null)
                await prober.SendAsync(client, 401, sample, ("X-Api-Key", "another key"));
        }
    }

    private static async Task SendTooOftenAsync(Prober prober)
    {
        await using var limited = await RatProcess.ServeAsync(new Dictionary<string, string>(Open) { ["RATE_LIMIT"] = "1" });
        var client = new ContractClient(limited.Client);
        foreach (var (_, sample) in Documented(prober, 429))
        {
            // A token comes back each second; a webhook has 20 at once.
            var answer = await sample.SendAsync(client);
            for (var i = 0; i < 25 && answer.Status != 429; i++)
                answer = await sample.SendAsync(client);
            prober.Count(sample, answer.Expect(429));
        }
    }

    private static async Task SendWithoutBackgroundAsync(Prober prober)
    {
        await using var idle = await RatProcess.ServeAsync(new Dictionary<string, string>(Open) { ["SCHEDULER_ENABLED"] = "false" });
        await prober.SendAsync(new ContractClient(idle.Client), 503, "POST", "/api/v1/admin/retention/run");
    }

    /// <summary>The operations that document a status, each with a request that would do.</summary>
    private static List<(ContractOperation Operation, ProbeRequest Sample)> Documented(Prober prober, int status) =>
    [
        .. from operation in Operations
           where operation.Responses.ContainsKey(status.ToString(CultureInfo.InvariantCulture))
                 && (status is 500 or 501 || Unreachable.Reason(operation.Id, status) is null)
           let sample = prober.Samples.GetValueOrDefault(operation.Id)
           where sample is not null
           select (operation, sample),
    ];

    private void Report(Prober prober)
    {
        var text = new StringBuilder();
        var documented = 0;
        foreach (var operation in Operations)
        {
            documented += operation.Responses.Count;
            var seen = prober.Seen.Where(entry => entry.Key.Operation == operation.Id).OrderBy(entry => entry.Key.Status);
            var missing = operation.Responses.Select(response => response.Key)
                .Where(status => !prober.Seen.ContainsKey((operation.Id, int.Parse(status, CultureInfo.InvariantCulture))))
                .Select(status => $"{status} ({Unreachable.Reason(operation.Id, int.Parse(status, CultureInfo.InvariantCulture)) ?? "MISSING"})");
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{operation.Id,-32} {string.Join(' ', seen.Select(entry => $"{entry.Key.Status}×{entry.Value}")),-52} {string.Join("; ", missing)}");
        }

        var operations = prober.Seen.Keys.Select(key => key.Operation).Distinct().Count();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{operations} of {Operations.Count()} operations, {prober.Seen.Count} of {documented} documented statuses, {prober.Seen.Values.Sum()} responses held against the contract");
        output.WriteLine(text.ToString());
        if (Environment.GetEnvironmentVariable("RAT_CONFORMANCE_REPORT") is { Length: > 0 } file)
            File.WriteAllText(file, text.ToString());
    }
}

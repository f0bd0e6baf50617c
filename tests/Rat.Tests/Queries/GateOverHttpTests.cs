using System.Text.Json.Nodes;
using Rat.Tests.Contract;
using Rat.Tests.Kept;

namespace Rat.Tests.Queries;

/// <summary>
/// The gate as a client meets it: the statements of <c>tests/gate/statements.txt</c> and every function of DuckDB (the lists beside the gate;
/// that they are all of them is another test's), as query and as pipeline. What is let through is exactly what they say, nothing outside the
/// landing zones is read, nothing is written.
/// </summary>
public class GateOverHttpTests(ContractServer server) : IClassFixture<ContractServer>, IAsyncLifetime
{
    // {0} is the statement.
    private static readonly string[] Places =
    [
        "SELECT * FROM (\n{0}\n)",
        "SELECT (SELECT count(*) FROM (\n{0}\n) AS inner_query)",
        "WITH c AS (\n{0}\n) SELECT count(*) FROM c",
        "SELECT l.* FROM range(1) AS r(i), LATERAL (\n{0}\n) AS l",
        "EXPLAIN {0}",
    ];

    private static readonly (string Namespace, string Layer, string Name)[] Tables =
    [
        ("default", "bronze", "orders"), ("default", "silver", "orders"), ("default", "silver", "customers"), ("default", "gold", "sales"),
        ("default", "bronze", "my-table"), ("my-ns", "silver", "orders"), ("my-ns", "gold", "x"),
    ];

    private string _snapshot = "";

    private TestPlatform Platform { get; } = new(server.Client.WithoutValidation, "default");

    public async Task InitializeAsync()
    {
        if ((await server.Client.GetAsync("/api/v1/tables?namespace=my-ns")).Expect(200)["tables"]!.AsArray().Count == 0)
            await FillAsync();
        var table = (await server.Client.GetAsync("/api/v1/tables/default/silver/orders")).Expect(200);
        var metadata = JsonNode.Parse(server.Process.Files.Read(server.Process.Files.NameOf((string)table["metadata_location"]!)))!;
        _snapshot = metadata["current-snapshot-id"]!.ToJsonString();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_statement_is_let_through_or_refused_wherever_it_stands()
    {
        var before = Files();
        var (wrong, asked, letThrough) = (new List<string>(), 0, 0);
        foreach (var (refusal, sql) in Statements())
        {
            await AskAsync(sql, refusal, isNested: false);
            var inner = sql.Split(" --")[0].TrimEnd(' ', ';');
            foreach (var place in Places)
                await AskAsync(place.Replace("{0}", inner, StringComparison.Ordinal), refusal, isNested: true);
            await AskAsync($"SELECT * FROM \"{inner.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", "", isNested: true);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked > 1500 && letThrough > 500, $"{asked} asked, {letThrough} let through");
        Assert.Equal(before, Files());
        (await server.Client.GetAsync("/health")).Expect(200);

        async Task AskAsync(string text, string? expected, bool isNested)
        {
            asked++;
            var answer = await Platform.QueryAsync(text);
            AssertNothingOutside(answer.Text);
            if (answer.Status == 200)
                letThrough++;
            var message = answer.Status == 200 ? null : answer.ExpectError(400);
            // Inside of another statement DuckDB's parser may be the first to refuse, for example DESCRIBE in WITH.
            var isRight = expected is null
                ? message is null || (isNested && message.StartsWith("Parser Error", StringComparison.Ordinal))
                : message is not null && (isNested || message.Contains(expected, StringComparison.Ordinal));
            if (!isRight)
                wrong.Add($"{message ?? "let through"}: {text}");
        }
    }

    [Fact]
    public async Task A_pipeline_passes_the_same_gate()
    {
        var (wrong, failed, succeeded) = (new List<string>(), 0, 0);
        foreach (var (refusal, sql) in Statements())
        {
            var run = await Platform.RunSqlAsync("grid", $"{{% raw %}}{sql}{{% endraw %}}");
            AssertNothingOutside(run.Error ?? "");
            if (run.Status == "success")
                succeeded++;
            else
                failed++;
            // A result that can't be a table fails for that reason: a plan, two columns of one name, a HUGEINT beyond DECIMAL(38,0).
            var isRight = refusal is null
                ? run.Status == "success" || run.Error!.Contains("must be a SELECT", StringComparison.Ordinal)
                    || run.Error.Contains("two columns named", StringComparison.Ordinal)
                    || (run.Error.Contains("DECIMAL(38,0)", StringComparison.Ordinal) && sql.Contains("test_all_types", StringComparison.Ordinal))
                : run.Status == "failed" && run.Error!.Contains(refusal, StringComparison.Ordinal);
            if (!isRight)
                wrong.Add($"{run.Error ?? "let through"}: {sql}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(failed > 100 && succeeded > 60, $"{failed} failed, {succeeded} succeeded");
    }

    [Fact]
    public async Task A_function_is_let_through_exactly_when_its_list_says_so()
    {
        var before = Files();
        var (wrong, asked) = (new List<string>(), 0);
        var lists = new Dictionary<string, HashSet<string>>();
        foreach (var list in (string[])["scalar", "table", "refused"])
            lists[list] = [.. Functions(list)];
        foreach (var name in lists.Values.SelectMany(names => names).Distinct())
        {
            await AskAsync($"SELECT {name}('x')", lists["scalar"].Contains(name));
            await AskAsync($"SELECT (SELECT max({name}('x')))", lists["scalar"].Contains(name));
            await AskAsync($"WITH c AS (SELECT {name}('x') AS v) SELECT v FROM c", lists["scalar"].Contains(name));
            await AskAsync($"SELECT l.* FROM range(1) AS r(i), LATERAL (SELECT {name}('x')) AS l", lists["scalar"].Contains(name));
            await AskAsync($"EXPLAIN SELECT {name}('x')", lists["scalar"].Contains(name));
            await AskAsync($"FROM {name}('x')", lists["table"].Contains(name));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(asked > 4000, $"{asked} asked");
        Assert.Equal(before, Files());

        async Task AskAsync(string sql, bool isAllowed)
        {
            asked++;
            var answer = await Platform.QueryAsync(sql);
            AssertNothingOutside(answer.Text);
            var message = answer.Status == 200 ? "" : answer.ExpectError(400);
            // Whether 'x' fits is DuckDB's to say, and is no refusal.
            var isRefused = message.Contains("is not allowed", StringComparison.Ordinal)
                || message.Contains("makes no rows", StringComparison.Ordinal)
                || message.Contains("makes rows: call it after FROM", StringComparison.Ordinal)
                || message.Contains("Direct file/URL access", StringComparison.Ordinal);
            // What has a syntax of its own, such as POSITION('a' IN 'b'), doesn't parse like this.
            if (isRefused == isAllowed && !message.StartsWith("Parser Error", StringComparison.Ordinal))
                wrong.Add($"{(message.Length > 0 ? message : "let through")}: {sql}");
        }
    }

    private async Task FillAsync()
    {
        (await server.Client.PostAsync("/api/v1/namespaces", new { name = "my-ns" })).Expect(201);
        foreach (var (ns, layer, name) in Tables)
        {
            var platform = new TestPlatform(server.Client, ns);
            (await platform.RunSqlAsync(name, """
                SELECT i::INTEGER AS id, 'n' || i AS name, i::DECIMAL(18, 2) AS amount, DATE '2024-01-01' AS day, 'o' AS origin FROM range(1, 4) AS t(i)
                """, layer: layer)).ExpectSuccess();
        }

        foreach (var (path, content) in ((string, string)[])[
            ("launches/a.csv", "id,name\n1,a\n"), ("launches/b.csv", "id,name\n2,b\n"), ("events/e.json", "[{\"k\": 1}]"), ("events/n.ndjson", "{\"k\": 2}\n")])
        {
            await Platform.PutFileAsync($"landing/{path}", content);
        }

        var parquet = server.Process.Files.Lake().First(name => name.EndsWith(".parquet", StringComparison.Ordinal));
        (await server.Client.UploadAsync("/api/v1/files/upload", "c.parquet", server.Process.Files.Read(parquet), null,
            ("path", "default/landing/launches/c.parquet"))).Expect(201);
    }

    private List<(string? Refusal, string Sql)> Statements() =>
    [
        .. from line in File.ReadLines(Path.Combine(Repository.Root, "tests", "gate", "statements.txt"))
           where line.StartsWith("+ ", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal)
           let refusal = line[0] == '+' ? null : line[2..].Split(" :: ")[0]
           let sql = refusal is null ? line[2..] : line[(refusal.Length + 6)..]
           select (refusal, sql.Replace("orders@123", $"orders@{_snapshot}", StringComparison.Ordinal)),
    ];

    private static IEnumerable<string> Functions(string list) =>
        from line in File.ReadLines(Path.Combine(Repository.Root, "Engine", "Duck", "Gate", $"functions.{list}.txt"))
        where line.Length > 0 && line[0] is not ('#' or '[')
        from name in line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        select name;

    // Every file below the data directory with its size, and every object of the bucket; without the database, without the copies that a bucket's
    // server makes of what is read, and without the hints for readers of the lake's folders, which a run writes after it has told of its success.
    private List<string> Files() =>
    [
        .. from path in Directory.EnumerateFiles(server.Process.DataDirectory, "*", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(server.Process.DataDirectory, path)
           where !name.StartsWith("rat.db", StringComparison.Ordinal) && !name.StartsWith("cache/", StringComparison.Ordinal)
                 && !Path.GetFileName(name).StartsWith('v')
           orderby name
           select $"{name} {new FileInfo(path).Length}",
        .. TestStorage.IsS3 ? server.Process.Files.Everything() : [],
    ];

    private void AssertNothingOutside(string text)
    {
        Assert.DoesNotContain("root:x:0", text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Process.DataDirectory, text, StringComparison.Ordinal);
    }
}

using System.Text.Json.Nodes;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Gate.Readers;

namespace Rat.Tests.Gate;

/// <summary>Every function of the DuckDB in use, at every place of a statement: what is let through is exactly the lists.</summary>
public sealed class FunctionGridTests(OpenGate gate) : IClassFixture<OpenGate>
{
    private static readonly string[] Arguments =
        """

        NULL
        1
        'a'
        [1, 2]
        1, 2
        1, 0.5
        'a', 'b'
        'a', 1
        1, [1, 2]
        [1, 2], 1
        [1], [2]
        [1], 'sum'
        ['a'], ','
        1, 2, 3
        'a', 'b', 'c'
        'a', 'b', 1
        'a', 3, 'b'
        1, 10, 2, true
        1, num_rows := 3
        a := 1
        [1, 2], lambda x: x > 1
        [1, 2], lambda x, y: x + y
        [1, 2], [true, false]
        [1, 2], 1, 2
        [1.0, 2.0, 3.0], [1.0, 2.0, 3.0]
        [1.0, 2.0, 3.0]::DOUBLE[3], [1.0, 2.0, 3.0]::DOUBLE[3]
        DATE '2024-01-01'
        TIMESTAMP '2024-01-01', '%Y'
        '2024', '%Y'
        INTERVAL 1 DAY
        INTERVAL 1 DAY, DATE '2024-01-01'
        DATE '2024-01-01', INTERVAL 1 DAY
        'day', DATE '2024-01-01'
        'day', DATE '2024-01-01', DATE '2024-01-02'
        'UTC', TIMESTAMPTZ '2024-01-01'
        '01:02:03+02'::TIMETZ
        MAP {'a': 1}, 'a'
        MAP {'a': 1}, 'a', 1
        MAP {'a': 1}, 1
        MAP {'a': 1}, MAP {'b': 2}
        {'a': 1}, 'a'
        {'a': 1}, {'b': 2}
        {'a': 1}, b := 2
        row(1, 2), 1
        union_value(a := 1), 'a'
        'a'::ENUM('a', 'b')
        'a'::ENUM('a', 'b'), 'b'::ENUM('a', 'b')
        '01'::BIT
        '01'::BIT, '1'::BIT
        '01'::BIT, 1
        '01'::BIT, 1, 1
        '101', 10
        '{"a": 1}', '{"a": "INTEGER"}'
        '{"a": 1}', 'a'
        '\x01'::BLOB
        'POINT (1 2)'::GEOMETRY, 'POINT (1 2)'::GEOMETRY
        'POINT (1 2)'::GEOMETRY, 'OGC:CRS84'
        """.Split('\n');

    private readonly FunctionLists _lists = new();

    [Fact]
    public void Every_function_of_DuckDB_is_on_a_list()
    {
        var unknown = Functions().Where(function => !_lists.Refused.ContainsKey(function.Name) && (function.IsTable
            ? !_lists.Table.Contains(function.Name) && FileReader.Find(function.Name) is null
            : !_lists.Scalar.Contains(function.Name)));

        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_name_that_is_allowed_is_a_function_of_DuckDB()
    {
        var functions = Functions();
        var scalar = functions.Where(function => !function.IsTable).Select(function => function.Name).ToHashSet();
        var table = functions.Where(function => function.IsTable).Select(function => function.Name).ToHashSet();

        Assert.Equal(["unlist", "unnest"], _lists.Scalar.Where(name => !scalar.Contains(name)).Order());
        Assert.DoesNotContain(_lists.Table, name => !table.Contains(name));
    }

    [Fact]
    public void What_is_let_through_is_exactly_the_lists()
    {
        var before = gate.Everything();
        var (letThrough, refused, wrong) = (0, 0, new List<string>());
        foreach (var function in Functions())
        {
            foreach (var (sql, isTable) in Calls(function.Name))
            {
                var expected = isTable ? _lists.Table.Contains(function.Name) : _lists.Scalar.Contains(function.Name);
                var admitted = gate.Admit(sql);
                // A window function may not be written everywhere; DuckDB says so when it parses.
                if (admitted.Succeeded != expected && !(expected && admitted.Failure!.Message.StartsWith("Parser Error", StringComparison.Ordinal)))
                    wrong.Add($"{(admitted.Succeeded ? "let through" : admitted.Failure.Message)}: {sql}");
                if (admitted.Succeeded)
                    letThrough++;
                else
                    refused++;
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(letThrough > 15_000 && refused > 30_000, $"{letThrough} let through, {refused} refused");
        Assert.Equal(before, gate.Everything());
    }

    [Fact]
    public void What_is_let_through_runs_and_touches_nothing()
    {
        var before = gate.Everything();
        var names = _lists.Scalar.Concat(_lists.Table).Distinct().Order(StringComparer.Ordinal).ToList();
        var never = names.Where(name => !Arguments.Any(arguments => Runs($"SELECT {DuckQuote.Identifier(name)}({arguments})")
            || Runs($"FROM {DuckQuote.Identifier(name)}({arguments})") || Runs($"SELECT {DuckQuote.Identifier(name)}({arguments}) OVER (ORDER BY 1)"))).ToList();

        Assert.True(never.Count <= 12, string.Join(' ', never));
        Assert.True(names.Count > 550, $"{names.Count} functions");
        Assert.Equal(before, gate.Everything());
    }

    private static IEnumerable<(string Sql, bool IsTable)> Calls(string name)
    {
        var quoted = DuckQuote.Identifier(name);
        foreach (var call in (string[])[$"{quoted}('x')", $"{quoted.ToUpperInvariant()}()", $"system.main.{quoted}('/etc/passwd', 1)"])
        {
            yield return ($"SELECT {call}", false);
            yield return ($"SELECT (SELECT max({call}))", false);
            yield return ($"WITH c AS (SELECT {call} AS v) SELECT v FROM c", false);
            yield return ($"SELECT l.* FROM range(1) r(i), LATERAL (SELECT {call}) l", false);
            yield return ($"EXPLAIN SELECT {call}", false);
            yield return ($"EXPLAIN ANALYZE SELECT 1 ORDER BY {call}", false);
            yield return ($"SELECT * FROM range(3) t(i) WHERE {call} IS NULL GROUP BY ALL HAVING count(*) > 1", false);
            yield return ($"SELECT list_transform([1], lambda x: {call})", false);
            yield return ($"SELECT CASE WHEN i = 1 THEN {call} END, COLUMNS(*)::VARCHAR FROM range(1) t(i)", false);
            yield return ($"FROM {call}", true);
            yield return ($"SELECT (SELECT count(*) FROM {call} AS t)", true);
            yield return ($"WITH c AS (FROM {call}) FROM c", true);
            yield return ($"SELECT * FROM range(1) r(i), LATERAL (FROM {call})", true);
            yield return ($"SELECT * FROM range(1) r(i) JOIN {call} ON true", true);
            yield return ($"EXPLAIN FROM {call}", true);
            yield return ($"DESCRIBE FROM {call}", true);
            yield return ($"SUMMARIZE FROM {call}", true);
        }

        yield return ($"SELECT ('x').{quoted}()", false);
        yield return ($"SELECT i.{quoted}(1) FROM range(1) t(i)", false);
        yield return ($"SELECT {quoted}(1) OVER ()", false);
        yield return ($"SELECT {quoted}(DISTINCT 1 ORDER BY 1) FILTER (WHERE true)", false);
    }

    private bool Runs(string sql)
    {
        if (gate.Admit(sql) is not { Succeeded: true, Value.Text: var text })
            return false;
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var interruption = gate.Connection.InterruptOn(deadline.Token);
            using var statement = gate.Connection.Prepare(text);
            Assert.Equal(DuckStatementType.Select, statement.Type);
            using var result = statement.Start();
            result.TryReadChunk(out _);
            return true;
        }
        catch (DuckException exception)
        {
            Assert.False(exception.Kind is DuckErrorKind.Fatal or DuckErrorKind.Internal, $"{sql}: {exception.Message}");
            return false;
        }
    }

    private List<(string Name, bool IsTable)> Functions() =>
    [
        .. gate.Run("SELECT DISTINCT lower(function_name) AS name, function_type IN ('table', 'table_macro') AS is_table FROM duckdb_functions() WHERE function_type <> 'pragma' ORDER BY ALL")
            .Select(row => JsonNode.Parse(row)!).Select(row => ((string)row["name"]!, (bool)row["is_table"]!)),
    ];
}

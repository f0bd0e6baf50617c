using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;

namespace Rat.Tests.Gate;

/// <summary>The statements of <c>tests/gate/statements.txt</c>, alone and at each place that a statement can stand in another.</summary>
public sealed class StatementGridTests(OpenGate gate) : IClassFixture<OpenGate>
{
    private static readonly string[] Places =
    [
        "SELECT * FROM (\n{0}\n)",
        "SELECT (SELECT count(*) FROM (\n{0}\n) AS inner_query)",
        "WITH c AS (\n{0}\n) SELECT count(*) FROM c",
        "SELECT l.* FROM range(1) AS r(i), LATERAL (\n{0}\n) AS l",
        "EXPLAIN {0}",
    ];

    [Fact]
    public void Each_statement_is_let_through_or_refused_as_it_says()
    {
        var before = gate.Everything();
        var statements = Statements();
        var wrong = new List<string>();
        foreach (var (refusal, sql) in statements)
        {
            var admitted = gate.Admit(sql);
            if (refusal is null)
                wrong.AddRange(admitted.Succeeded ? Problems(admitted.Value) : [$"refused: {sql}: {admitted.Failure.Message}"]);
            else if (admitted.Succeeded || !admitted.Failure.Message.Contains(refusal, StringComparison.Ordinal))
                wrong.Add($"{(admitted.Succeeded ? "let through" : admitted.Failure.Message)}: {sql}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(statements.Count(statement => statement.Refusal is null) > 80 && statements.Count(statement => statement.Refusal is not null) > 100);
        Assert.Equal(before, gate.Everything());
    }

    [Fact]
    public void A_statement_inside_of_another_is_let_through_or_refused_like_it()
    {
        var before = gate.Everything();
        var (wrong, nestedLetThrough) = (new List<string>(), 0);
        foreach (var (refusal, statement) in Statements())
        {
            var sql = statement.Split(" --")[0].TrimEnd(' ', ';');
            foreach (var place in Places)
            {
                var nested = place.Replace("{0}", sql, StringComparison.Ordinal);
                var admitted = gate.Admit(nested);
                if (refusal is not null && admitted.Succeeded)
                    wrong.Add($"let through: {nested}");
                else if (admitted.Succeeded)
                    (wrong, nestedLetThrough) = ([.. wrong, .. Problems(admitted.Value)], nestedLetThrough + 1);
                // DESCRIBE and SUMMARIZE can't stand in WITH.
                else if (refusal is null && !admitted.Failure.Message.StartsWith("Parser Error", StringComparison.Ordinal))
                    wrong.Add($"refused: {nested}: {admitted.Failure.Message}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(nestedLetThrough > 500, $"{nestedLetThrough}");
        Assert.Equal(before, gate.Everything());
    }

    [Fact]
    public void A_statement_as_a_quoted_name_is_no_table()
    {
        foreach (var (_, sql) in Statements())
        {
            Assert.NotEmpty(gate.Refused($"SELECT * FROM {DuckQuote.Identifier(sql)}"));
            Assert.NotEmpty(gate.Refused($"SELECT * FROM {DuckQuote.Literal(sql)}"));
            Assert.NotEmpty(gate.Refused($"SELECT * FROM silver.{DuckQuote.Identifier(sql)}"));
        }
    }

    // A statement that was let through must prepare and run to its end.
    private IEnumerable<string> Problems(GatedSql admitted)
    {
        try
        {
            gate.Run(admitted.CanWrap ? $"SELECT * FROM (\n{admitted.Text}\n) LIMIT 100" : admitted.Text);
            return [];
        }
        catch (DuckException exception)
        {
            return [$"{exception.Message}: {admitted.Text}"];
        }
    }

    private static List<(string? Refusal, string Sql)> Statements() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "gate", "statements.txt"))
            .Where(line => line.StartsWith("+ ", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal))
            .Select(line => line[0] == '+' ? (null, line[2..]) : ((string?)line[2..].Split(" :: ")[0], line[(line.IndexOf(" :: ", StringComparison.Ordinal) + 4)..])),
    ];
}

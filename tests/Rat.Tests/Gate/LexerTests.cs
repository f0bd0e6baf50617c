using System.Text;
using System.Text.Json.Nodes;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate.Statements;
using Rat.Engine.Duck.Gate.Tokens;

namespace Rat.Tests.Gate;

/// <summary>Tokens, held against what DuckDB's own parser makes of the text.</summary>
public sealed class LexerTests(OpenGate gate) : IClassFixture<OpenGate>
{
    // Pieces that begin or end literals, names and comments in each other's way, and names that must be quoted only outside of them.
    private static readonly string[] Pieces =
    [
        "'", "''", "'a'", "'it''s'", "E'a\\'b'", "e'\\\\'", "E'", "\\", "\"", "\"a\"", "\"a\"\"b\"", "$$", "$$x$$", "$a$", "$a$ ' $a$", "$b$", "--", "-- x\n", "-- ' \n", "/*", "*/",
        "/* ' */", "/* /* */ */", "\n", " ", " ", "\t", "\r", "default.bronze.t", "default . silver . t", "DEFAULT.x", "'default.x'", "a", "b", "1", "1.", ".5", "1e5", "1_0", ",", ",", "+", "-", "*",
        "/", "||", "::INT", "(", ")", "[", "]", ".", "a.b", "a$b", "$1", "?", ":", "X'41'", "x'", "B'01'", "N'n'", "U&'u'", "U&\"n\"", "é", "'é'", "\u00a0", "\u3000", "'\u00a0'", "\ufeff", "\u000b", "\f",
        "AS x", "FROM", "default", "-", "+--\n", "/", "*/*", "@", "#1", "->", "->>", "=>", ":=", "..", "!", "`", "{", "}", ";",
    ];

    [Fact]
    public void Quoting_names_changes_no_literal_and_no_other_name()
    {
        var random = new Random(7_31);
        var (compared, withDefault, refused) = (0, 0, 0);
        for (var i = 0; i < 30_000; i++)
        {
            var sql = "SELECT " + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)])) + " ";
            // A name that isn't reserved in the place of the one that is: the same statement, which DuckDB parses as it is.
            var plain = ReplaceOutside(sql);
            if (Read(sql) is not { } quoted)
                continue;

            var expected = Tree(plain);
            if (expected is null)
                continue;
            compared++;
            // An operator right before a comment is another token for DuckDB, which at the end of a text parses without an operand.
            if (Tree(quoted) is not { } actual)
            {
                refused++;
                continue;
            }

            Assert.True(expected == actual, $"{sql}\n{quoted}\n{expected}\n{actual}");
            withDefault += plain.Contains("defaulx", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.True(compared > 1_500 && withDefault > 200 && refused < compared / 100, $"{compared} compared, {withDefault} with the name, {refused} refused");
    }

    [Fact]
    public void What_is_not_terminated_is_not_for_DuckDB_either()
    {
        var random = new Random(99);
        var refused = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var sql = "SELECT " + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (SqlLexer.Read(Encoding.UTF8.GetBytes(sql)).Succeeded)
                continue;
            Assert.True(Tree(sql) is null, sql);
            refused++;
        }

        Assert.True(refused > 5_000, $"{refused}");
    }

    [Theory]
    [InlineData("SELECT default.a.b, x.default.y, 'default.a', \"default\".z, default AS default", "SELECT \"default\".a.b, x.default.y, 'default.a', \"default\".z, default AS default")]
    [InlineData("SELECT Default . a /* default.b */ -- default.c\n, $$default.d$$, $x$ default.e $x$, E'\\'default.f'", "SELECT \"Default\" . a /* default.b */ -- default.c\n, $$default.d$$, $x$ default.e $x$, E'\\'default.f'")]
    [InlineData("SELECT a$default.b, defaults.c, _default.d", "SELECT a$default.b, defaults.c, _default.d")]
    [InlineData("SELECT 1.default, 1 .default", "SELECT 1.default, 1 .default")]
    [InlineData("SELECT E'a'\n'b\\'default.x' , default.y", "SELECT E'a'\n'b\\'default.x' , \"default\".y")]
    [InlineData("SELECT 'a' -- c '\n'default.x', default.y", "SELECT 'a' -- c '\n'default.x', \"default\".y")]
    [InlineData("FROM table.silver.x, end.silver.y, user.gold.z, order.x.y", "FROM \"table\".silver.x, end.silver.y, \"user\".gold.z, order.x.y")]
    public void Names_are_quoted_where_they_are_names(string sql, string expected) => Assert.Equal(expected, Read(sql));

    private string? Read(string sql) => StatementText.Read(sql, gate.Scope()) is { Succeeded: true, Value.Text: var text } ? text.ToString() : null;

    // By the slow obvious way: the one token after the other, in its own words.
    private static string ReplaceOutside(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        if (SqlLexer.Read(bytes) is not { Succeeded: true, Value: var text })
            return sql;
        var plain = new StringBuilder();
        var at = 0;
        for (var i = 0; i < text.Tokens.Count; i++)
        {
            var token = text.Tokens[i];
            plain.Append(Narrow(Encoding.UTF8.GetString(bytes, at, token.Start - at)));
            var word = Encoding.UTF8.GetString(text.SpanOf(token));
            var isName = word.Equals("default", StringComparison.OrdinalIgnoreCase) && i + 1 < text.Tokens.Count && Encoding.UTF8.GetString(text.SpanOf(text.Tokens[i + 1])) == "."
                && (i == 0 || Encoding.UTF8.GetString(text.SpanOf(text.Tokens[i - 1])) != ".");
            plain.Append(isName ? word[..^1] + 'x' : word);
            at = token.End;
        }

        return plain.Append(Narrow(Encoding.UTF8.GetString(bytes, at, bytes.Length - at))).ToString();
    }

    // DuckDB loses count of quotes at E'\'' and in comments, and then doesn't take a wide space for one.
    private static string Narrow(string space) => space.Replace('\u00a0', ' ').Replace('\u3000', ' ').Replace('\ufeff', ' ');

    // The tree without places, with one spelling of the name; null when DuckDB doesn't parse the text.
    private string? Tree(string sql)
    {
        var json = gate.Connection.Scalar($"SELECT json_serialize_sql({DuckQuote.Literal(sql)})")!;
        // Not JSON: what 1e555 is written as.
        var tree = JsonNode.Parse(json.Replace(":Infinity", ":null", StringComparison.Ordinal))!;
        if ((bool)tree["error"]!)
            return null;
        Drop(tree);
        return tree.ToJsonString();
    }

    private static void Drop(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject children:
                children.Remove("query_location");
                foreach (var child in children)
                    Drop(child.Value);
                if (children["column_names"] is JsonArray names)
                    Rename(names);
                foreach (var part in (string[])["relation_name", "schema_name", "catalog_name", "schema", "catalog"])
                {
                    if (children[part] is JsonValue value && IsName(value))
                        children[part] = "name";
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                    Drop(item);
                break;
        }
    }

    private static void Rename(JsonArray names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (IsName(names[i]!))
                names[i] = "name";
        }
    }

    private static bool IsName(JsonNode text) => text.GetValue<string>().ToUpperInvariant() is "DEFAULT" or "DEFAULX";
}

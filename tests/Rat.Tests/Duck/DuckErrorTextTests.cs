using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>Messages of DuckDB without what is nobody's business.</summary>
public sealed class DuckErrorTextTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    [Theory]
    [InlineData(
        "Permission Error: Cannot access file \"/etc/passwd\" - file system operations are disabled by configuration",
        "Permission Error: Cannot access file \"<path>\" - file system operations are disabled by configuration")]
    [InlineData(
        "IO Error: No files found that match the pattern \"/data/objects/default/landing/zone/a b.csv\"",
        "IO Error: No files found that match the pattern \"s3://rat/default/landing/zone/a b.csv\"")]
    [InlineData("IO Error: /srv/rat/x y.parquet (/srv/rat/data/z.parquet)", "IO Error: <path> y.parquet (<path>)")]
    [InlineData("IO Error: C:\\Users\\me\\x.csv is gone", "IO Error: <path> is gone")]
    [InlineData("Conversion Error: Could not convert string '/products/12' to INT32", "Conversion Error: Could not convert string '/products/12' to INT32")]
    [InlineData("Binder Error: 1 / 2 / 3, a/b, https://duckdb.org/docs/x.html", "Binder Error: 1 / 2 / 3, a/b, https://duckdb.org/docs/x.html")]
    [InlineData("INTERNAL Error: at 0x7f11be02e526 in src/planner/binder.cpp:123", "INTERNAL Error: at <addr> in <internal>")]
    [InlineData(
        "INTERNAL Error: Attempted to access index 5\n\nStack Trace:\n\n/app/libduckdb.so(_ZN6duckdb9ExceptionC2E+0x14) [0x7f11be02e526]\nmore",
        "INTERNAL Error: Attempted to access index 5")]
    [InlineData("Invalid Input Error: x = 0x1F", "Invalid Input Error: x = 0x1F")]
    [InlineData("Parser Error: plain", "Parser Error: plain")]
    public void Local_paths_addresses_and_stack_traces_are_taken_out(string message, string scrubbed) =>
        Assert.Equal(scrubbed, DuckErrorText.Scrub(message, new PublicAddress("/data/objects", "s3://rat")));

    [Theory]
    [InlineData("LINE 1: SELECT * FROM read_csv(['/data/objects/default/landing/z/a.csv']) WHERE nosuch", "nosuch")]
    [InlineData("LINE 1: SELECT nosuch FROM read_csv(['/data/objects/default/landing/z/a.csv'])", "nosuch")]
    [InlineData("LINE 12: SELECT '/etc/passwd', a / b / nosuch", "nosuch")]
    [InlineData("LINE 1: ...cts/default/landing/z/a.csv', '/data/objects/default/landing/z/b.csv']) WHERE nosuch", "nosuch")]
    [InlineData("LINE 1: SELECT nosuch FROM read_csv(['/data/obje...", "nosuch")]
    public void The_caret_stays_below_its_word_and_the_authors_own_text_stays(string line, string word)
    {
        var message = $"Binder Error: x\n\n{line}\n{new string(' ', line.IndexOf(word, StringComparison.Ordinal))}^";

        var lines = DuckErrorText.Scrub(message, new PublicAddress("/data/objects", "s3://rat")).Split('\n');

        Assert.Equal(lines[2].IndexOf(word, StringComparison.Ordinal), lines[3].IndexOf('^', StringComparison.Ordinal));
        Assert.DoesNotContain("/data/", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("cts/default", lines[2], StringComparison.Ordinal);
        Assert.Equal(line.Contains("/etc/passwd", StringComparison.Ordinal), lines[2].Contains("/etc/passwd", StringComparison.Ordinal));
    }

    [Fact]
    public void A_real_message_names_no_path_of_this_machine()
    {
        var sql = $"SELECT * FROM read_csv([{DuckQuote.Literal(Path.Combine(database.Allowed, "default", "none.csv"))}])";
        var error = Assert.Throws<DuckException>(() => database.Connection.Prepare(sql));

        var scrubbed = DuckErrorText.Scrub(error.Message, new PublicAddress(database.Allowed, "s3://rat"));

        Assert.Contains(database.Allowed, error.Message, StringComparison.Ordinal);
        Assert.Contains("s3://rat/default/none.csv", scrubbed, StringComparison.Ordinal);
        Assert.DoesNotContain(database.Folder, scrubbed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "\"orders\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("", "\"\"")]
    [InlineData("my-ns.x;--", "\"my-ns.x;--\"")]
    public void Identifiers_are_quoted_whatever_they_hold(string name, string quoted)
    {
        Assert.Equal(quoted, DuckQuote.Identifier(name));
        if (name.Length > 0)
            Assert.Equal(name, database.Connection.Query($"SELECT 1 AS {quoted}").Columns[0].Name);
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("\\'; DROP TABLE x; --")]
    [InlineData("a\nb\\n")]
    [InlineData("")]
    public void Literals_come_back_as_they_were(string text) => Assert.Equal(text, database.Connection.Scalar($"SELECT {DuckQuote.Literal(text)}"));
}

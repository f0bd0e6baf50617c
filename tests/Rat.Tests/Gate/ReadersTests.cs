using Rat.Engine.Duck.Gate;
using Rat.Storage.Metadata;

namespace Rat.Tests.Gate;

/// <summary>Readers of files: landing files by their addresses, and nothing else (engine contract, case 138b; decision 4).</summary>
public sealed class ReadersTests(OpenGate gate) : IClassFixture<OpenGate>
{
    [Theory]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv')", "1one 2two")]
    [InlineData("FROM read_csv_auto('s3://lakehouse/default/landing/launches/a.csv', header = true)", "1one 2two")]
    [InlineData("FROM READ_CSV ( /* here */ 's3://rat/default/landing/launches/*.csv' , header := true )", "1one 2two 3three")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/**/*.csv')", "1one 2two 3three")]
    [InlineData("FROM read_csv(['s3://rat/default/landing/launches/b.csv', 's3://rat/default/landing/launches/a.csv'])", "3three 1one 2two")]
    [InlineData("FROM read_csv(ARRAY['s3://rat/default/landing/launches/a.csv'])", "1one 2two")]
    [InlineData("FROM main.read_csv('s3://rat/default/landing/launches/a.csv')", "1one 2two")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/_samples/**')", "8sample")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/_samples/s.csv')", "8sample")]
    [InlineData("FROM read_csv('s3://rat/default/landing/*/_samples/*.csv')", "8sample")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/_processed/**')", "9processed")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/_processed/run/p.csv')", "9processed")]
    [InlineData("FROM read_csv('s3://rat/default/landing/l*/[ab].csv') t", "1one 2two 3three")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/?.csv') AS t(id, name)", "1one 2two 3three")]
    [InlineData("FROM r: read_csv('s3://rat/default/landing/launches/b.csv')", "3three")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv') TABLESAMPLE 100%", "1one 2two")]
    [InlineData("SELECT read_csv.id, read_csv.name FROM read_csv('s3://rat/default/landing/launches/b.csv')", "3three")]
    [InlineData("SELECT id, 'x' AS name FROM read_csv('s3://rat/my-ns/landing/other/o.csv')", "5x")]
    [InlineData("SELECT id, 'p' AS name FROM read_parquet('s3://rat/default/landing/launches/*.parquet')", "4p")]
    [InlineData("SELECT k AS id, 'j' AS name FROM read_json('s3://rat/default/landing/events/e.json')", "1j")]
    [InlineData("SELECT k AS id, 'j' AS name FROM read_json_auto('s3://rat/default/landing/events/**')", "1j 2j 3j")]
    [InlineData("SELECT k AS id, 'n' AS name FROM read_ndjson('s3://rat/default/landing/events/*.ndjson')", "2n 3n")]
    [InlineData("SELECT k AS id, 'n' AS name FROM read_ndjson_auto('s3://rat/default/landing/events/n.ndjson')", "2n 3n")]
    [InlineData("SELECT (json ->> 'k')::INT AS id, 'o' AS name FROM read_ndjson_objects('s3://rat/default/landing/events/n.ndjson')", "2o 3o")]
    [InlineData("SELECT v AS id, '' AS name FROM read_csv('s3://rat/default/landing/odd/r[1].csv', header = true)", "\"bracket\"")]
    [InlineData("SELECT v AS id, '' AS name FROM read_csv('s3://rat/default/landing/odd/q''q.csv', header = true)", "\"quote\"")]
    [InlineData("SELECT v AS id, '' AS name FROM read_csv('s3://rat/default/landing/odd/a[*].csv', header = true)", "\"star\"")]
    [InlineData("SELECT v AS id, '' AS name FROM read_csv('s3://rat/default/landing/odd/a*.csv', header = true) ORDER BY v", "\"ab\" \"star\"")]
    [InlineData("WITH f AS (FROM read_csv('s3://rat/default/landing/launches/b.csv')) SELECT id, (SELECT max(name) FROM f) AS name FROM f", "3three")]
    [InlineData("SELECT l.id, l.name FROM read_csv('s3://rat/default/landing/launches/a.csv') l JOIN read_csv('s3://rat/default/landing/launches/b.csv') r ON l.id + 1 = r.id", "2two")]
    [InlineData("SELECT l.* FROM range(1) r(x), LATERAL (FROM read_csv('s3://rat/default/landing/launches/b.csv')) l", "3three")]
    public void A_landing_address_is_its_files(string sql, string rows)
    {
        var read = gate.Rows(sql).Select(row => row.Replace("{\"id\":", "", StringComparison.Ordinal).Replace(",\"name\":\"", "", StringComparison.Ordinal).Replace("\"}", "", StringComparison.Ordinal));

        Assert.Equal(rows, string.Join(' ', read));
    }

    [Fact]
    public void What_is_let_through_says_which_files_it_reads()
    {
        var admitted = gate.Admit("FROM read_csv('s3://rat/default/landing/launches/**/*.csv') UNION ALL FROM read_csv('s3://rat/default/landing/launches/b.csv')").Value;

        Assert.Equal(["default/landing/launches/a.csv", "default/landing/launches/b.csv"], admitted.LandingFiles.Select(file => file.Key));
        Assert.All(admitted.LandingFiles, file => Assert.Equal(Path.Combine(gate.Objects, file.Key), file.LocalPath));
        Assert.Equal(
            $"FROM (SELECT * FROM read_csv(['{gate.Objects}/default/landing/launches/a.csv', '{gate.Objects}/default/landing/launches/b.csv'])) AS read_csv"
            + $" UNION ALL FROM (SELECT * FROM read_csv(['{gate.Objects}/default/landing/launches/b.csv'])) AS read_csv",
            admitted.Text);
    }

    [Theory]
    [InlineData("s3://rat/default/landing/launches/missing.csv")]
    [InlineData("s3://rat/default/landing/nozone/**")]
    [InlineData("s3://rat/default/landing/launches/*.tsv")]
    [InlineData("s3://rat/default/landing/launches")]
    [InlineData("s3://rat/nowhere/landing/launches/a.csv")]
    [InlineData("s3://rat/default/landing/*_samples/s.csv")]
    [InlineData("s3://rat/default/landing/launches/_sample?/s.csv")]
    [InlineData("s3://rat/default/landing/launches/*/s.csv")]
    [InlineData("s3://rat/default/landing/launches/*/*/p.csv")]
    [InlineData("s3://rat/default/landing/launches/[_]processed/**")]
    [InlineData("s3://rat/default/landing/LAUNCHES/a.csv")]
    public void A_missing_file_is_not_found(string address)
    {
        Assert.Equal($"landing files not found: {address}", gate.Refused($"FROM read_csv('{address}')"));
        Assert.Equal($"landing files not found: {address}", gate.Refused($"FROM read_json(['s3://rat/default/landing/launches/a.csv', '{address}'])"));
    }

    [Fact]
    public async Task A_consumed_file_is_never_read_again()
    {
        gate.Put("default/landing/used/u.csv", "id\n1\n");
        Assert.Single(gate.Rows("FROM read_csv('s3://rat/default/landing/used/**')"));

        await gate.Database.WriteAsync(connection =>
        {
            var file = FileStore.FindHead(connection, "default/landing/used/u.csv")!;
            FileStore.Consume(connection, [new ConsumedFile(file.VersionId, $"default/landing/used/_processed/{Guid.NewGuid()}/u.csv")]);
            return true;
        });

        Assert.Contains("not found", gate.Refused("FROM read_csv('s3://rat/default/landing/used/**')"), StringComparison.Ordinal);
        Assert.Contains("not found", gate.Refused("FROM read_csv('s3://rat/default/landing/used/u.csv')"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'s3://rat/default/landing/../pipelines/silver/orders/pipeline.sql'")]
    [InlineData("'s3://rat/default/landing/launches/..'")]
    [InlineData("'s3://rat/default/landing/launches/..a.csv'")]
    [InlineData("'s3://rat/default/landing//launches/a.csv'")]
    [InlineData("'s3://rat/default/landing/./launches/a.csv'")]
    [InlineData("'s3://rat/default/landing/'")]
    [InlineData("'s3://rat/default/landing'")]
    [InlineData("'s3://rat/default/pipelines/silver/orders/pipeline.sql'")]
    [InlineData("'s3://rat/default/**'")]
    [InlineData("'s3://rat/*/landing/launches/a.csv'")]
    [InlineData("'s3://*/default/landing/launches/a.csv'")]
    [InlineData("'s3://rat/default/l*/launches/a.csv'")]
    [InlineData("'s3://other/default/landing/launches/a.csv'")]
    [InlineData("'s3://RAT/default/landing/launches/a.csv'")]
    [InlineData("'S3://rat/default/landing/launches/a.csv'")]
    [InlineData("'s3a://rat/default/landing/launches/a.csv'")]
    [InlineData("'s3://rat@evil/default/landing/launches/a.csv'")]
    [InlineData("'s3://rat/default/landing/launches\\a.csv'")]
    [InlineData("'https://example.com/default/landing/a.csv'")]
    [InlineData("'file:///etc/passwd'")]
    [InlineData("'/etc/passwd'")]
    [InlineData("'landing/launches/a.csv'")]
    [InlineData("''")]
    [InlineData("NULL")]
    [InlineData("1")]
    [InlineData("[]")]
    [InlineData("['s3://rat/default/landing/launches/a.csv', '/etc/passwd']")]
    [InlineData("['s3://rat/default/landing/launches/a.csv', NULL]")]
    [InlineData("['s3://rat/default/landing/launches/a.csv', 's3://rat/default/landing/launches/' || 'b.csv']")]
    [InlineData("'s3://rat/default/landing/launches/' || 'a.csv'")]
    [InlineData("concat('s3://rat/default/landing/launches/', 'a.csv')")]
    [InlineData("(SELECT 's3://rat/default/landing/launches/a.csv')")]
    [InlineData("'s3://rat/default/landing/launches/a.csv'::VARCHAR")]
    [InlineData("lower('s3://rat/default/landing/launches/a.csv')")]
    [InlineData("x")]
    [InlineData("['s3://rat/default/landing/launches/a.csv'][1]")]
    [InlineData("list_value('s3://rat/default/landing/launches/a.csv')")]
    [InlineData("'s3://rat/default/landing/launches/a.csv', '/etc/passwd'")]
    [InlineData("")]
    public void Anything_else_is_refused(string argument)
    {
        foreach (var reader in (string[])["read_csv", "read_csv_auto", "read_json", "read_ndjson_auto", "read_parquet", "system.main.read_csv"])
            Assert.Matches("^Direct file/URL access functions are not allowed|write the address", gate.Refused($"FROM {reader}({argument})"));
        Assert.NotEmpty(gate.Refused($"SELECT x.* FROM (SELECT '/etc/passwd' AS x) x, LATERAL (FROM read_csv({argument}))"));
    }

    [Fact]
    public void A_local_path_is_refused_even_if_it_is_that_of_a_file_that_was_handed_out()
    {
        var path = $"{gate.Objects}/default/landing/launches/a.csv";

        Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"FROM read_csv('{path}')"), StringComparison.Ordinal);
        Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"FROM read_csv('s3://rat/default/landing/launches/a.csv'), read_csv('{path}')"), StringComparison.Ordinal);
        Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"FROM read_csv(['s3://rat/default/landing/launches/a.csv', '{path}'])"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("store_rejects = true")]
    [InlineData("rejects_table = 'x'")]
    [InlineData("rejects_scan := 'x'")]
    [InlineData("rejects_limit = 3")]
    [InlineData("files_to_sniff = 3")]
    [InlineData("buffer_size = 1000000000")]
    [InlineData("encryption_config = {footer_key: 'x'}")]
    [InlineData("explicit_cardinality = 5")]
    [InlineData("schema = MAP {1: {name: 'a', type: 'INT', default_value: NULL}}")]
    [InlineData("debug_use_openssl = true")]
    [InlineData("parquet_version = 'V2'")]
    [InlineData("can_have_nan = true")]
    [InlineData("nosuch = 1")]
    [InlineData("STORE_REJECTS => true")]
    public void Other_options_are_refused(string option)
    {
        Assert.Contains("is not allowed", gate.Refused($"FROM read_csv('s3://rat/default/landing/launches/a.csv', {option})"), StringComparison.Ordinal);
        Assert.Contains("is not allowed", gate.Refused($"FROM read_parquet('s3://rat/default/landing/launches/c.parquet', {option})"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("header = true, columns = {'id': 'INT', 'name': 'VARCHAR'}, auto_detect = false")]
    [InlineData("header => true, delim => ',', nullstr => ['x', 'y'], types => {'id': 'BIGINT'}")]
    [InlineData("all_varchar = true, ignore_errors = true, null_padding = true, strict_mode = false, sample_size = -1")]
    [InlineData("names = ['id', 'name'], skip = 1, union_by_name = true, normalize_names = false, comment = '#', quote = '\"', escape = '\"'")]
    [InlineData("dateformat = '%Y', timestampformat = '%Y', decimal_separator = '.', compression = 'none', encoding = 'utf-8', hive_partitioning = false")]
    public void Options_of_a_reader_work(string options) =>
        Assert.Equal(2, gate.Rows($"SELECT id, name FROM read_csv('s3://rat/default/landing/launches/a.csv', {options})").Count);

    [Theory]
    [InlineData("filename = true", "filename")]
    [InlineData("filename := 'from \"file\"'", "from \\\"file\\\"")]
    public void The_file_name_is_the_address(string option, string column)
    {
        var rows = gate.Rows($"FROM read_csv('s3://lakehouse/default/landing/launches/*.csv', {option}) ORDER BY id");

        Assert.Equal($"{{\"id\":1,\"name\":\"one\",\"{column}\":\"s3://lakehouse/default/landing/launches/a.csv\"}}", rows[0]);
        Assert.Equal(3, rows.Count);
    }

    [Theory]
    [InlineData("SELECT filename FROM read_csv('s3://rat/default/landing/launches/a.csv')")]
    [InlineData("SELECT file_index FROM read_csv('s3://rat/default/landing/launches/a.csv') t")]
    [InlineData("SELECT filename FROM read_csv('s3://rat/default/landing/launches/a.csv', filename = false)")]
    [InlineData("SELECT COLUMNS('file') FROM read_csv('s3://rat/default/landing/launches/a.csv')")]
    public void The_local_path_is_not_shown(string sql)
    {
        var admitted = gate.Admit(sql).Value;

        Assert.ThrowsAny<Exception>(() => gate.Run(admitted.Text));
    }

    [Theory]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv', filename = 1)", "option filename")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv', filename = 'a' || 'b')", "option filename")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv', header = getvariable('x'))", "getvariable is not allowed")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv', header = (SELECT true FROM duckdb_settings()))", "duckdb_settings is not allowed")]
    [InlineData("FROM read_csv('s3://rat/default/landing/launches/a.csv') WITH ORDINALITY", "WITH ORDINALITY")]
    [InlineData("FROM read_csv($$s3://rat/default/landing/launches/a.csv$$)", "plain literal")]
    [InlineData("FROM read_csv(E's3://rat/default/landing/launches/a.csv')", "plain literal")]
    [InlineData("FROM read_csv('s3://rat/default/landing/'\n'launches/a.csv')", "plain literal")]
    [InlineData("FROM other.read_csv('s3://rat/default/landing/launches/a.csv')", "without a schema")]
    [InlineData("SELECT read_csv('s3://rat/default/landing/launches/a.csv')", "Direct file/URL")]
    [InlineData("SELECT list_transform([1], read_csv -> read_csv('x'))", "Direct file/URL")]
    [InlineData("SELECT list_transform(['x'], lambda p: read_text(p))", "Direct file/URL")]
    [InlineData("FROM read_text('s3://rat/default/landing/launches/a.csv')", "Direct file/URL")]
    [InlineData("FROM read_blob('s3://rat/default/landing/launches/a.csv')", "Direct file/URL")]
    [InlineData("FROM parquet_scan('s3://rat/default/landing/launches/c.parquet')", "Direct file/URL")]
    [InlineData("FROM glob('s3://rat/default/landing/launches/**')", "Direct file/URL")]
    [InlineData("FROM sniff_csv('s3://rat/default/landing/launches/a.csv')", "Direct file/URL")]
    public void Odd_calls_are_refused(string sql, string message) => Assert.Contains(message, gate.Refused(sql), StringComparison.Ordinal);
}

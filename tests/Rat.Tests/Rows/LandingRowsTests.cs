using System.Text;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>Landing files in queries (DECISIONS 4).</summary>
public class LandingRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 138b", "read_csv_auto('s3://rat/NS/landing/z/*.csv')", 6)]
    [InlineData("row 138b", "read_csv('s3://rat/NS/landing/z/*.csv', header = true)", 6)]
    [InlineData("row 138b", "READ_CSV_AUTO('s3://rat/NS/landing/z/**/*.csv')", 6)]
    [InlineData("row 138b", "read_json_auto('s3://rat/NS/landing/z/*.json')", 5)]
    [InlineData("row 138b", "read_json('s3://rat/NS/landing/z/*.json')", 5)]
    [InlineData("row 138b", "read_ndjson('s3://rat/NS/landing/z/*.ndjson')", 9)]
    [InlineData("row 138b", "read_ndjson_auto('s3://rat/NS/landing/z/*.ndjson')", 9)]
    [InlineData("row 138b", "read_parquet('s3://rat/NS/landing/z/*.parquet')", 42)]
    [InlineData("row 138b", "read_parquet('s3://rat/NS/landing/z/FILE.parquet')", 42)]
    public async Task A_reader_works_on_a_landing_address(string row, string reader, int sum)
    {
        var platform = await ZoneAsync(row);
        var files = (await platform.Client.GetAsync($"/api/v1/landing-zones/{platform.Namespace}/z/files")).Expect(200)["files"]!.AsArray();
        var parquet = files.Select(file => (string)file!["s3_path"]!).Single(path => path.EndsWith(".parquet", StringComparison.Ordinal));
        var source = reader
            .Replace("NS", platform.Namespace, StringComparison.Ordinal)
            .Replace("FILE.parquet", parquet.Split('/')[^1], StringComparison.Ordinal);
        Assert.Equal($"{sum}", await platform.CellAsync($"SELECT sum(x) AS total FROM {source}"));
        // The other namespaces' zones are as open to a query as their tables.
        var elsewhere = await platform.Client.PostAsync("/api/v1/query", new { sql = $"SELECT CAST(sum(x) AS VARCHAR) AS total FROM {source}" });
        Assert.Equal($"{sum}", (string)elsewhere.Expect(200)["rows"]![0]!["total"]!);
    }

    [Theory]
    [InlineData("row 138b", "read_csv('s3://rat/NS/landing/z/../../pipelines/bronze/p/pipeline.sql')")]
    [InlineData("row 138b", "read_csv('s3://rat/NS/landing/../pipelines/bronze/p/config.yaml')")]
    [InlineData("row 138b", "read_csv('s3://rat/NS/pipelines/bronze/p/pipeline.sql')")]
    [InlineData("row 138b", "read_csv('s3://rat/NS/**')")]
    [InlineData("row 138b", "read_csv('s3://rat/*/landing/z/a.csv')")]
    [InlineData("row 138b", "read_csv('s3://other/NS/landing/z/a.csv')")]
    [InlineData("row 138b", "read_csv('/etc/passwd')")]
    [InlineData("row 138b", "read_csv('passwd')")]
    [InlineData("row 138b", "read_csv('file:///etc/passwd')")]
    [InlineData("row 138b", "read_csv('https://example.com/a.csv')")]
    [InlineData("row 138b", "read_csv(['s3://rat/NS/landing/z/a.csv', '/etc/passwd'])")]
    [InlineData("row 138b", "read_csv('s3://rat/' || 'NS/landing/z/a.csv')")]
    [InlineData("row 138b", "read_text('s3://rat/NS/landing/z/a.csv')")]
    [InlineData("row 138b", "read_blob('s3://rat/NS/landing/z/a.csv')")]
    [InlineData("row 138b", "st_read('s3://rat/NS/landing/z/a.xlsx')")]
    public async Task A_reader_of_anything_else_is_refused(string row, string reader)
    {
        var platform = await ZoneAsync(row);
        var answer = await platform.QueryAsync($"SELECT * FROM {reader.Replace("NS", platform.Namespace, StringComparison.Ordinal)}");
        server.AssertNothingLocal(answer.ExpectError(400));
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row 138b", "read_csv_auto('s3://rat/NS/landing/z/missing.csv')")]
    [InlineData("row 138b", "read_parquet('s3://rat/NS/landing/z/missing.parquet')")]
    [InlineData("row 138b", "read_csv_auto('s3://rat/NS/landing/no_such_zone/a.csv')")]
    [InlineData("row 138b", "read_csv_auto('s3://rat/no_such_ns/landing/z/a.csv')")]
    [InlineData("row 138b", "read_csv_auto('s3://rat/NS/landing/z/*.tsv')")]
    public async Task A_landing_file_that_is_missing_is_not_found(string row, string reader)
    {
        var platform = await ZoneAsync(row);
        var address = reader.Replace("NS", platform.Namespace, StringComparison.Ordinal);
        var message = (await platform.QueryAsync($"SELECT * FROM {address}")).ExpectError(400);
        Assert.Contains("not found", message, StringComparison.Ordinal);
        Assert.Contains(address.Split('\'')[1], message, StringComparison.Ordinal);
        server.AssertNothingLocal(message);
    }

    [Theory]
    [InlineData("row 138b", "_samples/s.csv", 100)]
    public async Task Samples_are_read_when_they_are_named(string row, string path, int sum)
    {
        var platform = await ZoneAsync(row);
        (await platform.Client.UploadAsync($"/api/v1/landing-zones/{platform.Namespace}/z/samples", "s.csv", "x\n100\n")).Expect(201);
        Assert.Equal($"{sum}", await platform.CellAsync($"SELECT sum(x) AS total FROM read_csv_auto('s3://rat/{platform.Namespace}/landing/z/{path}')"));
    }

    private async Task<TestPlatform> ZoneAsync(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "-- secret\nSELECT 42 AS x", "description: secret")).ExpectSuccess();
        await platform.UploadAsync("z", "a.csv", "x\n1\n2\n3\n");
        await platform.UploadAsync("z", "b.json", """[{"x": 2}, {"x": 3}]""");
        await platform.UploadAsync("z", "c.ndjson", "{\"x\": 4}\n{\"x\": 5}\n");
        // There is no writer of Parquet here but the program itself.
        var parquet = server.Process.Files.Read(Assert.Single(server.DataFiles(platform.Namespace)));
        Assert.Equal("PAR1", Encoding.ASCII.GetString(parquet[..4]));
        (await platform.Client.UploadAsync($"/api/v1/landing-zones/{platform.Namespace}/z/files", "d.parquet", parquet)).Expect(201);
        return platform;
    }
}

namespace Rat.Tests.Rows;

/// <summary>Which source a run takes (engine.md 4.2, phase 1).</summary>
public class DetectRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 48", "result = pa.table({'x': [1]})")]
    [InlineData("row 48", "")]
    public async Task Python_wins_over_sql_and_is_refused_as_what_it_is(string row, string python)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        await platform.PutFileAsync("pipelines/bronze/p/pipeline.py", python);
        await platform.PutFileAsync("pipelines/bronze/p/pipeline.sql", "SELECT 'new' AS x");
        var run = await platform.RunAsync("p");
        Assert.Contains("Python", run.ExpectFailure(), StringComparison.Ordinal);
        Assert.Contains("Detected python pipeline", run.Messages);
        Assert.DoesNotContain("Detected sql pipeline", run.Messages);
        Assert.Equal("\"old\"", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 49")]
    public async Task A_pipeline_without_a_source_names_both_keys(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        await platform.DeleteFileAsync("pipelines/bronze/p/pipeline.sql");
        var run = await platform.RunAsync("p");
        var error = run.ExpectFailure();
        Assert.Contains("not found", error, StringComparison.Ordinal);
        Assert.Contains($"{platform.Namespace}/pipelines/bronze/p/pipeline.py", error, StringComparison.Ordinal);
        Assert.Contains($"{platform.Namespace}/pipelines/bronze/p/pipeline.sql", error, StringComparison.Ordinal);
        server.AssertNothingLocal(error);
        Assert.DoesNotContain(run.Messages, message => message.StartsWith("Detected", StringComparison.Ordinal));
        Assert.Equal("\"old\"", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Theory]
    [InlineData("clause 4.2")]
    public async Task A_draft_runs_and_the_log_says_so(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        Assert.Contains("Pipeline not published — running the draft", run.At("info"));
        Assert.Contains("Detected sql pipeline", run.At("info"));
    }
}

using Rat.Engine.Duck;
using Rat.Engine.Pipelines;
using Rat.Engine.Queries;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Quality;

/// <summary>Runs the quality tests of a draft against the table as it is committed, so that authors can try them: nothing is written, and no
/// run is made (engine.md 5.6).</summary>
internal sealed class QualityTestCall(
    MetadataDatabase database, PipelineSources sources, LakeTables tables, QualityTestRunner runner, DuckInstances duck, ErrorTexts errors,
    TimeProvider time)
{
    /// <summary>The results, in the order of the tests' keys. Without a table each is <see cref="TestVerdict.Error"/>.</summary>
    /// <param name="stopping">The process is going down.</param>
    /// <returns><see cref="FailureKind.NotFound"/>; <see cref="FailureKind.Unavailable"/> without an engine.</returns>
    public async Task<Outcome<IReadOnlyList<TestResult>>> RunAsync(TableName name, CancellationToken stopping)
    {
        var read = Read(name);
        if (!read.Succeeded)
            return read.Failure;
        var (tests, scope) = read.Value;
        if (scope.This is null)
            return tests.Select(test => Missing(test, name)).ToList();
        try
        {
            // DuckDB blocks its caller: the request's thread must not be held by it.
            return await Task.Run(() => RunAllAsync(tests, scope, stopping), CancellationToken.None);
        }
        catch (DuckLibraryException missing)
        {
            return Failure.Unavailable(missing.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return Failure.Unavailable("the server is stopping");
        }
        catch (DuckException refused)
        {
            return errors.ToFailure(refused);
        }
    }

    private Outcome<(IReadOnlyList<QualityTestFile> Tests, TestScope Scope)> Read(TableName name)
    {
        using var snapshot = database.OpenSnapshot();
        if (PipelineStore.Find(snapshot.Connection, name) is not { } pipeline)
            return Failure.NotFound("pipeline not found");
        var table = tables.Find(snapshot.Connection, name);
        var scope = new TestScope(name, CatalogPins.Take(snapshot.Connection), table, table, time.GetUtcNow());
        return (sources.DraftTests(snapshot.Connection, pipeline), scope);
    }

    private async Task<Outcome<IReadOnlyList<TestResult>>> RunAllAsync(
        IReadOnlyList<QualityTestFile> tests, TestScope scope, CancellationToken stopping)
    {
        var results = new List<TestResult>(tests.Count);
        foreach (var test in tests)
        {
            // A connection for each: queries of others get their turn in between, and an instance that a test has broken is replaced.
            var instance = duck.Queries;
            using var connection = await instance.BorrowAsync(stopping);
            results.Add(await runner.RunAsync(test, scope, instance, connection, stopping));
        }

        return results;
    }

    private static TestResult Missing(QualityTestFile test, TableName name) =>
        new(test, TestVerdict.Error, 0, $"the table {name} does not exist: run the pipeline first", 0, "", "");
}

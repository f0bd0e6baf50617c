using System.Globalization;
using System.Text;
using Rat.Engine.Duck;
using Rat.Engine.Pipelines;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Quality;

/// <summary>
/// The quality tests of a run, held against what it has staged and nobody else sees yet. Those of severity <c>error</c> decide whether it is
/// committed (engine.md 5.5).
/// </summary>
internal sealed class QualityGate(QualityTestRunner runner, MetadataDatabase database, TimeProvider time)
{
    /// <summary>Runs the tests one after another, all of them, and stores their results. Null when the run may be committed.</summary>
    /// <exception cref="OperationCanceledException">The run was told to stop.</exception>
    public async Task<Failure?> CheckAsync(
        ActiveRun run, IReadOnlyList<QualityTestFile> tests, TestScope scope, DuckInstance instance, DuckConnection connection)
    {
        if (tests.Count == 0)
        {
            run.Log.Info("No quality tests found");
            return null;
        }

        run.Log.Info($"Found {Counted(tests.Count, "quality test")}");
        var results = new List<TestResult>(tests.Count);
        foreach (var test in tests)
        {
            foreach (var key in test.Header.UnknownKeys)
                run.Log.Warn($"Quality test '{test.Name}': unknown annotation @{key} ignored");
            var result = await runner.RunAsync(test, scope, instance, connection, run.Stopping);
            LogResult(run.Log, result);
            results.Add(result);
        }

        LogTotals(run.Log, results);
        await StoreAsync(run, results);
        var blocking = results.Where(result => result.Blocks).ToList();
        if (blocking.Count == 0)
            return null;
        run.Log.Error($"Quality tests failed, discarding branch 'run-{run.Id}': nothing was written to main");
        return Failure.Invalid(ErrorText(blocking, results.Count));
    }

    // The portal parses these lines: their wording is part of the contract (behaviour §4), and all but the tables are one line each.
    private static void LogResult(RunLog log, TestResult result)
    {
        var name = result.Test.Name;
        if (result.CompiledSql.Length > 0)
            log.Debug($"Quality test '{name}' SQL:\n{result.CompiledSql}");
        if (result.Verdict == TestVerdict.Error)
        {
            log.Error($"Quality test '{name}' errored: {OneLine(result.Message)}");
        }
        else if (result.Verdict == TestVerdict.Pass)
        {
            log.Info(string.Create(CultureInfo.InvariantCulture, $"Quality test '{name}': pass (0 rows, {result.DurationMs}ms)"));
        }
        else
        {
            log.Warn(string.Create(CultureInfo.InvariantCulture, $"Quality test '{name}': fail ({result.Violations} rows, {result.DurationMs}ms)"));
            if (result.Sample.Length > 0)
                log.Warn($"Sample violations for '{name}':\n{result.Sample}");
        }

        if (result.Test.Header.Description.Length > 0)
            log.Info($"Quality test '{name}' description: {OneLine(result.Test.Header.Description)}");
    }

    private static void LogTotals(RunLog log, List<TestResult> results)
    {
        var passed = results.Count(result => result.Verdict == TestVerdict.Pass);
        var failed = results.Count(result => result.Verdict == TestVerdict.Fail);
        log.Info($"Quality tests: {passed} passed, {failed} failed, {results.Count - passed - failed} errored");
        foreach (var result in results.Where(result => result.Verdict != TestVerdict.Pass))
        {
            var verdict = result.Verdict == TestVerdict.Fail ? "fail" : "error";
            var line = $"  [{result.Severity}] {result.Test.Name}: {verdict} — {OneLine(result.Message)}";
            if (result.Blocks)
                log.Error(line);
            else
                log.Warn(line);
        }
    }

    private static string ErrorText(List<TestResult> blocking, int total)
    {
        var text = new StringBuilder($"Quality tests failed: {blocking.Count} of {total}; nothing was committed");
        foreach (var result in blocking)
        {
            text.Append("\n  ").Append(result.Test.Name);
            if (result.Test.Header.Description.Length > 0)
                text.Append(" (").Append(OneLine(result.Test.Header.Description)).Append(')');
            text.Append(result.Verdict == TestVerdict.Error ? ": errored: " : ": ").Append(OneLine(result.Message));
            if (result.Sample.Length > 0)
                text.Append("\n    ").Append(result.Sample.Replace("\n", "\n    ", StringComparison.Ordinal));
        }

        return text.ToString();
    }

    // Before the run's end: a test that kept the run from being committed is as much a result as one that didn't.
    private Task<int> StoreAsync(ActiveRun run, List<TestResult> results)
    {
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        var rows = results.Select(result => new QualityResultRow(
            result.Test.Name, result.Test.Key, result.Severity, result.Status, result.Violations, result.Message, result.DurationMs,
            result.Test.Header.Description, result.Test.Header.Tags, result.Test.Header.Remediation, result.CompiledSql, result.Sample)).ToList();
        return database.WriteAsync(connection => QualityResultStore.Replace(connection, run.Id, run.Row.PipelineId, rows, now));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Counted(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}

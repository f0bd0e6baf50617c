using System.Text.Json.Serialization;
using Rat.Engine.Pipelines;
using Rat.Engine.Quality;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Quality;

/// <summary>A quality test (schema <c>QualityTest</c>).</summary>
internal sealed record QualityTestModel(
    string Name, string Sql, string Severity, string Description, bool Published, IReadOnlyList<string> Tags, string Remediation)
{
    public static QualityTestModel Of(ListedTest listed)
    {
        var (test, header) = (listed.Test, listed.Test.Header);
        return new QualityTestModel(
            test.Path, test.Text ?? "", header.Severity.ToText(), header.Description, listed.IsPublished, header.Tags, header.Remediation);
    }
}

/// <summary>The tests of a pipeline (schema <c>QualityTestList</c>).</summary>
internal sealed record QualityTestListModel(IReadOnlyList<QualityTestModel> Tests, int Total);

/// <summary>Body of <c>POST …/tests</c>. All fields are optional here so that a missing one gets a message of its own.</summary>
internal sealed record CreateQualityTestBody(string? Name, string? Sql, string? Severity, string? Description);

/// <summary>Answer of <c>POST …/tests</c> (schema <c>CreateQualityTestResponse</c>).</summary>
internal sealed record CreatedQualityTestModel(string Name, string Severity, string Path);

/// <summary>The result of one test (schema <c>QualityTestResult</c>).</summary>
internal sealed record QualityTestResultModel(string Name, string Status, string Severity, long Value, long Expected, long DurationMs)
{
    public static QualityTestResultModel Of(TestResult result) =>
        new(result.Test.Path, result.Status, result.Severity, result.Violations, Expected: 0, result.DurationMs);
}

/// <summary>Answer of <c>POST …/tests/run</c> (schema <c>QualityRunResponse</c>).</summary>
/// <param name="Failed">All that didn't pass.</param>
internal sealed record QualityRunModel(IReadOnlyList<QualityTestResultModel> Results, int Passed, int Failed, int Total)
{
    public static QualityRunModel Of(IReadOnlyList<TestResult> results)
    {
        var passed = results.Count(result => result.Verdict == TestVerdict.Pass);
        return new QualityRunModel([.. results.Select(QualityTestResultModel.Of)], passed, results.Count - passed, results.Count);
    }
}

/// <summary>The stored result of one test of a run.</summary>
/// <param name="File">Full key of the test's file.</param>
/// <param name="Sample">The first violations as a table of text, or empty.</param>
internal sealed record StoredResultModel(
    string Name, string File, string Status, string Severity, long Value, long Expected, string Message, long DurationMs, string Description,
    IReadOnlyList<string> Tags, string Remediation, string Sql, string Sample)
{
    public static StoredResultModel Of(QualityResultRow row) => new(
        row.Name, row.File, row.Status, row.Severity, row.Violations, Expected: 0, row.Message, row.DurationMs, row.Description, row.Tags,
        row.Remediation, row.CompiledSql, row.SampleRows);
}

/// <summary>Answer of <c>GET /runs/{run_id}/quality</c>, an extension: what the tests of a run have said.</summary>
/// <param name="Failed">All that didn't pass.</param>
internal sealed record StoredResultsModel(IReadOnlyList<StoredResultModel> Results, int Passed, int Failed, int Total)
{
    public static StoredResultsModel Of(IReadOnlyList<QualityResultRow> rows)
    {
        var passed = rows.Count(row => row.Status == "passed");
        return new StoredResultsModel([.. rows.Select(StoredResultModel.Of)], passed, rows.Count - passed, rows.Count);
    }
}

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(QualityTestListModel))]
[JsonSerializable(typeof(CreateQualityTestBody))]
[JsonSerializable(typeof(CreatedQualityTestModel))]
[JsonSerializable(typeof(QualityRunModel))]
[JsonSerializable(typeof(StoredResultsModel))]
internal sealed partial class QualityJson : JsonSerializerContext;

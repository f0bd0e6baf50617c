using System.Text;
using Rat.Endpoints.Http;
using Rat.Engine.Pipelines;
using Rat.Engine.Quality;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Quality;

/// <summary>Quality tests of a pipeline: list, create, delete, run, under a second address each for the shipped SDK; and what those of a run have
/// said.</summary>
internal static class QualityEndpoints
{
    private const int LongestSql = 500_000;

    public static void MapQualityTests(this IEndpointRouteBuilder api)
    {
        foreach (var tests in (string[])["/pipelines/{namespace}/{layer}/{name}/tests", "/tests/{namespace}/{layer}/{name}"])
        {
            api.MapGet(tests, List);
            api.MapPost(tests, Create);
            api.MapDelete($"{tests}/{{test_name}}", Delete);
            api.MapPost($"{tests}/run", Run);
        }

        api.MapGet("/runs/{run_id}/quality", OfRun);
    }

    private static IResult List(HttpContext context, string @namespace, string layer, string name, QualityTests tests, PageCache pages) =>
        pages.Answer(context, QualityJson.Default.QualityTestListModel, QualityTests.Listed, () =>
        {
            var listed = tests.List(new TableName(@namespace, layer, name));
            return listed.Succeeded
                ? new QualityTestListModel([.. listed.Value.Select(QualityTestModel.Of)], listed.Value.Count)
                : listed.Failure;
        });

    private static async Task<IResult> Create(HttpContext context, string @namespace, string layer, string name, QualityTests tests)
    {
        var body = await RequestBody.ReadAsync(context, QualityJson.Default.CreateQualityTestBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (test, sql, severity, description) = body.Value;
        if (CheckCreate(body.Value) is { } failure)
            return ApiResults.Failure(failure);

        var created = await tests.CreateAsync(new TableName(@namespace, layer, name), test!, sql!, SeverityOf(severity), description ?? "");
        return created.Succeeded
            ? ApiResults.Created(
                new CreatedQualityTestModel(test!, created.Value.Header.Severity.ToText(), created.Value.Key),
                QualityJson.Default.CreatedQualityTestModel)
            : ApiResults.Failure(created.Failure);
    }

    private static async Task<IResult> Delete(string @namespace, string layer, string name, string test_name, QualityTests tests) =>
        (await tests.DeleteAsync(new TableName(@namespace, layer, name), test_name)).ToNoContent();

    // A client that goes away doesn't stop them (behaviour §1); the end of the process does.
    private static async Task<IResult> Run(
        string @namespace, string layer, string name, QualityTestCall tests, IHostApplicationLifetime lifetime)
    {
        var results = await tests.RunAsync(new TableName(@namespace, layer, name), lifetime.ApplicationStopping);
        return results.Succeeded
            ? ApiResults.Ok(QualityRunModel.Of(results.Value), QualityJson.Default.QualityRunModel)
            : ApiResults.Failure(results.Failure);
    }

    private static IResult OfRun(string run_id, MetadataDatabase database)
    {
        var results = database.Read(connection => Guid.TryParseExact(run_id, "D", out var id) && RunStore.Find(connection, id) is not null
            ? QualityResultStore.Read(connection, id)
            : null);
        return results is null
            ? ApiResults.Failure(Failure.NotFound("run not found"))
            : ApiResults.Ok(StoredResultsModel.Of(results), QualityJson.Default.StoredResultsModel);
    }

    private static Failure? CheckCreate(CreateQualityTestBody body) => body switch
    {
        { Name: null or "" } => Failure.Invalid("name is required"),
        { Sql: null or "" } => Failure.Invalid("sql is required"),
        _ when !Slug.IsValid(body.Name) => Failure.Invalid($"name {Slug.Rule}"),
        { Severity: not (null or "" or "error" or "warn" or "warning") } => Failure.Invalid("severity must be error or warn"),
        _ when Encoding.UTF8.GetByteCount(body.Sql) > LongestSql => Failure.Invalid($"sql must be at most {LongestSql} bytes"),
        _ => OptionalText.CheckDescription(body.Description),
    };

    private static TestSeverity? SeverityOf(string? severity) => severity switch
    {
        null or "" => null,
        "error" => TestSeverity.Error,
        _ => TestSeverity.Warn,
    };
}

using System.Globalization;
using Rat.Endpoints.Http;
using Rat.Engine.Pipelines.Publishing;
using Rat.Engine.Pipelines.Validation;
using Rat.Storage;

namespace Rat.Endpoints.Publishing;

/// <summary>Publications of a pipeline: publish the draft, look at versions, go back to one.</summary>
internal static class PublishingEndpoints
{
    public static void MapPublishing(this IEndpointRouteBuilder api)
    {
        api.MapPost("/pipelines/{namespace}/{layer}/{name}/publish", Publish);
        api.MapGet("/pipelines/{namespace}/{layer}/{name}/versions", List);
        api.MapGet("/pipelines/{namespace}/{layer}/{name}/versions/{number}", Get);
        api.MapPost("/pipelines/{namespace}/{layer}/{name}/rollback", RollBack);
    }

    private static async Task<IResult> Publish(HttpContext context, string @namespace, string layer, string name, Publications publications)
    {
        var body = await RequestBody.ReadAsync(context, PublishingJson.Default.PublishBody);
        if (body.Failure is { Kind: FailureKind.TooLarge } tooLarge)
            return ApiResults.Failure(tooLarge);
        // Absent, or unparsable: no message.
        var message = body.Succeeded ? body.Value.Message ?? "" : "";
        var published = await publications.PublishAsync(new TableName(@namespace, layer, name), message);
        if (!published.Succeeded)
            return ApiResults.Failure(published.Failure);
        return published.Value.Version is { } version
            ? ApiResults.Ok(
                new PublishedModel("published", version.Number, version.Message, version.Files, ValidationModel.Of(published.Value.Validation)),
                PublishingJson.Default.PublishedModel)
            : Invalid(published.Value.Validation);
    }

    private static IResult List(HttpContext context, string @namespace, string layer, string name, Publications publications, PageCache pages) =>
        pages.Answer(context, PublishingJson.Default.PipelineVersionListModel, Publications.Listed, () =>
        {
            var versions = publications.List(new TableName(@namespace, layer, name));
            return versions.Succeeded
                ? new PipelineVersionListModel([.. versions.Value.Select(PipelineVersionModel.Of)], versions.Value.Count)
                : versions.Failure;
        });

    private static IResult Get(string @namespace, string layer, string name, string number, Publications publications)
    {
        if (NumberOf(number) is not { } wanted)
            return ApiResults.Failure(Failure.Invalid("invalid version number"));
        var version = publications.Find(new TableName(@namespace, layer, name), wanted);
        return version.Succeeded
            ? ApiResults.Ok(PipelineVersionModel.Of(version.Value), PublishingJson.Default.PipelineVersionModel)
            : ApiResults.Failure(version.Failure);
    }

    private static async Task<IResult> RollBack(HttpContext context, string @namespace, string layer, string name, Publications publications)
    {
        var body = await RequestBody.ReadAsync(context, PublishingJson.Default.RollbackBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (body.Value.Version is not { } number)
            return ApiResults.Failure(Failure.Invalid("version is required"));
        if (number < 1)
            return ApiResults.Failure(Failure.Invalid("invalid version number"));
        var message = string.IsNullOrEmpty(body.Value.Message) ? null : body.Value.Message;
        var rolledBack = await publications.RollBackAsync(new TableName(@namespace, layer, name), number, message);
        return rolledBack.Succeeded
            ? ApiResults.Ok(
                new RolledBackModel("rolled_back", number, rolledBack.Value.Number, rolledBack.Value.Message), PublishingJson.Default.RolledBackModel)
            : ApiResults.Failure(rolledBack.Failure);
    }

    private static IResult Invalid(PipelineValidation validation)
    {
        const int Status = StatusCodes.Status422UnprocessableEntity;
        var envelope = ErrorEnvelope.Of(Status, "template validation failed");
        return ApiResults.Json(
            Status, new ValidationErrorModel(envelope.Error, ValidationModel.Of(validation)), PublishingJson.Default.ValidationErrorModel);
    }

    // A number too large for any version is a version that doesn't exist.
    private static long? NumberOf(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit)
            ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number > 0 ? number : null) : long.MaxValue
            : null;
}

using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Engine.Pipelines.Validation;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Publishing;

/// <summary>Body of <c>POST …/publish</c>.</summary>
internal sealed record PublishBody(string? Message);

/// <summary>Answer of <c>POST …/publish</c> (schema <c>PublishResponse</c>).</summary>
/// <param name="Validation">For its warnings; an extension.</param>
internal sealed record PublishedModel(
    string Status, int Version, string Message, IReadOnlyDictionary<string, string> Versions, ValidationModel Validation);

/// <summary>What is said of one file (schema <c>FileValidation</c>).</summary>
internal sealed record FileValidationModel(string Path, bool Valid, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings);

/// <summary>What is said of a draft (schema <c>ValidationResult</c>).</summary>
internal sealed record ValidationModel(bool Valid, IReadOnlyList<FileValidationModel> Files)
{
    public static ValidationModel Of(PipelineValidation validation) => new(
        validation.IsValid, [.. validation.Files.Select(file => new FileValidationModel(file.Path, file.IsValid, file.Errors, file.Warnings))]);
}

/// <summary>The envelope of a draft that can't be published (schema <c>PublishValidationError</c>).</summary>
internal sealed record ValidationErrorModel(ApiError Error, ValidationModel Validation);

/// <summary>A version of a pipeline (schema <c>PipelineVersion</c>).</summary>
internal sealed record PipelineVersionModel(
    Guid Id, Guid PipelineId, int VersionNumber, string Message, IReadOnlyDictionary<string, string> PublishedVersions,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt)
{
    public static PipelineVersionModel Of(PipelineVersionRow row) =>
        new(row.Id, row.PipelineId, row.Number, row.Message, row.Files, row.CreatedAt);
}

/// <summary>All retained versions of a pipeline (schema <c>PipelineVersionList</c>).</summary>
internal sealed record PipelineVersionListModel(IReadOnlyList<PipelineVersionModel> Versions, int Total);

/// <summary>Body of <c>POST …/rollback</c>.</summary>
internal sealed record RollbackBody(long? Version, string? Message);

/// <summary>Answer of <c>POST …/rollback</c> (schema <c>RollbackResponse</c>).</summary>
internal sealed record RolledBackModel(string Status, long FromVersion, int NewVersion, string Message);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(PublishBody))]
[JsonSerializable(typeof(PublishedModel))]
[JsonSerializable(typeof(ValidationErrorModel))]
[JsonSerializable(typeof(PipelineVersionModel))]
[JsonSerializable(typeof(PipelineVersionListModel))]
[JsonSerializable(typeof(RollbackBody))]
[JsonSerializable(typeof(RolledBackModel))]
internal sealed partial class PublishingJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Engine.Pipelines;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Files;

/// <summary>A file in a list (schema <c>FileInfo</c>).</summary>
internal sealed record FileInfoModel(
    string Path, long Size, [property: JsonConverter(typeof(Timestamp))] long Modified, string Type, string VersionId)
{
    public static FileInfoModel Of(FileVersion file) => new(file.Key, file.SizeBytes, file.ModifiedAt, FileKinds.Kind(file.Key), file.VersionId);
}

/// <summary>Files by path (schema <c>FileList</c>).</summary>
internal sealed record FileListModel(IReadOnlyList<FileInfoModel> Files);

/// <summary>A file with its text (schema <c>FileContent</c>).</summary>
internal sealed record FileContentModel(
    string Path, string Content, long Size, [property: JsonConverter(typeof(Timestamp))] long Modified, string VersionId);

/// <summary>Body of <c>PUT /files/{path}</c>.</summary>
internal sealed record WriteFileBody(string? Content);

/// <summary>Answer of a write (schema <c>WriteFileResponse</c>).</summary>
internal sealed record WrittenFileModel(string Path, string Status, string VersionId);

/// <summary>Answer of an upload (schema <c>UploadFileResponse</c>).</summary>
internal sealed record UploadedFileModel(
    string Path, [property: JsonPropertyName("filename")] string FileName, long Size, string Status, string VersionId);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(FileListModel))]
[JsonSerializable(typeof(FileContentModel))]
[JsonSerializable(typeof(WriteFileBody))]
[JsonSerializable(typeof(WrittenFileModel))]
[JsonSerializable(typeof(UploadedFileModel))]
internal sealed partial class FilesJson : JsonSerializerContext;

using Rat.Endpoints.Files;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class FilesOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/files", "listFiles", "Storage", "List files under a prefix")
        {
            Parameters = [Parameter.Query("prefix") with { IsRequired = true }, Parameter.Query("namespace"), Parameter.Query("exclude")],
            Answers = [Answer.Json(200, () => FilesJson.Default.FileListModel)],
            Errors = [400, 403, 503],
        },
        new("GET", "/api/v1/files/{path}", "readFile", "Storage", "Read a file")
        {
            Answers = [Answer.Json(200, () => FilesJson.Default.FileContentModel)],
            Errors = [400, 403, 404, 503],
        },
        new("PUT", "/api/v1/files/{path}", "writeFile", "Storage", "Create or overwrite a text file")
        {
            Body = RequestContent.Json(() => FilesJson.Default.WriteFileBody, "content"),
            Answers = [Answer.Json(200, () => FilesJson.Default.WrittenFileModel)],
            Errors = [400, 403, 503],
        },
        new("DELETE", "/api/v1/files/{path}", "deleteFile", "Storage", "Delete a file (idempotent)")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 403, 503],
        },
        new("POST", "/api/v1/files/upload", "uploadFile", "Storage", "Multipart upload to any path")
        {
            Body = RequestContent.Form("path", "file"),
            Answers = [Answer.Json(201, () => FilesJson.Default.UploadedFileModel)],
            Errors = [400, 403, 503],
        },
    ];
}

using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Http;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Endpoints.Files;

/// <summary>User files: list, read, write, delete, upload.</summary>
internal static class FilesEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/files", List);
        // Reserved for POST: a GET of it reads a file called "upload".
        api.MapPost("/files/upload", Upload);
        api.MapGet("/files/{**path}", Read);
        api.MapPut("/files/{**path}", Write);
        api.MapDelete("/files/{**path}", Delete);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var prefix = (string?)context.Request.Query["prefix"] ?? "";
        if (ObjectKey.CheckPrefix(prefix) is { } failure)
            return ApiResults.Failure(failure);

        var ns = context.Request.Filter("namespace");
        var excluded = (context.Request.Filter("exclude") ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(segment => $"/{segment}/").ToList();
        return pages.Answer(context, FilesJson.Default.FileListModel, FileStore.Listed, () =>
        {
            var files = database.Read(connection => FileStore.List(connection, prefix))
                .Where(file => ns is null || file.Key.StartsWith(ns + "/", StringComparison.Ordinal))
                .Where(file => !excluded.Any(segment => file.Key.Contains(segment, StringComparison.Ordinal)));
            return new FileListModel([.. files.Select(FileInfoModel.Of)]);
        });
    }

    private static async Task<IResult> Read(HttpContext context, UserFiles files)
    {
        var path = PathOf(context);
        if (ObjectKey.Check(path) is { } failure)
            return ApiResults.Failure(failure);
        await using var content = await files.OpenAsync(path, context.RequestAborted);
        if (content is null)
            return ApiResults.Failure(Failure.NotFound("file not found"));
        // Invalid sequences become U+FFFD; a byte order mark is part of the text.
        using var reader = new StreamReader(content.Stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var version = content.Version;
        return ApiResults.Ok(new FileContentModel(path, text, version.SizeBytes, version.ModifiedAt, version.VersionId), FilesJson.Default.FileContentModel);
    }

    private static async Task<IResult> Write(HttpContext context, UserFiles files)
    {
        var path = PathOf(context);
        if (ObjectKey.Check(path) is { } failure)
            return ApiResults.Failure(failure);
        var body = await RequestBody.ReadAsync(context, FilesJson.Default.WriteFileBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (body.Value.Content is null)
            return ApiResults.Failure(Failure.Invalid("content is required"));

        using var content = new MemoryStream(Encoding.UTF8.GetBytes(body.Value.Content));
        var written = await files.PutAsync(
            path, content, FileKinds.ContentType(path), long.MaxValue, (connection, _) => MarkDirty(connection, path), context.RequestAborted);
        return written.Succeeded
            ? ApiResults.Ok(new WrittenFileModel(path, "written", written.Value.VersionId), FilesJson.Default.WrittenFileModel)
            : ApiResults.Failure(written.Failure);
    }

    private static async Task<IResult> Delete(HttpContext context, UserFiles files)
    {
        var path = PathOf(context);
        if (ObjectKey.Check(path) is { } failure)
            return ApiResults.Failure(failure);
        await files.DeleteAsync(path, connection =>
        {
            PipelineStore.MarkDirty(connection, path);
            LandingFileStore.Delete(connection, path);
        });
        return ApiResults.NoContent();
    }

    private static async Task<IResult> Upload(HttpContext context, UserFiles files, DataDirectory directory, ServerOptions options)
    {
        var read = await UploadForm.ReadAsync(context, directory.Temporary, options.MaxUploadBytes);
        if (!read.Succeeded)
            return ApiResults.Failure(read.Failure);
        using var form = read.Value;
        if (string.IsNullOrEmpty(form.Path))
            return ApiResults.Failure(Failure.Invalid("path form field is required"));
        if (ObjectKey.Check(form.Path) is { } failure)
            return ApiResults.Failure(failure);
        if (form.Content is null)
            return ApiResults.Failure(Failure.Invalid("file form field is required"));

        var path = form.Path;
        var written = await files.PutAsync(
            path, form.Content, FileKinds.ContentType(path), options.MaxUploadBytes, (connection, _) => MarkDirty(connection, path),
            context.RequestAborted);
        return written.Succeeded
            ? ApiResults.Created(
                new UploadedFileModel(path, form.FileName ?? "", written.Value.SizeBytes, "uploaded", written.Value.VersionId),
                FilesJson.Default.UploadedFileModel)
            : ApiResults.Failure(written.Failure);
    }

    private static Failure? MarkDirty(SqliteConnection connection, string path)
    {
        PipelineStore.MarkDirty(connection, path);
        return null;
    }

    private static string PathOf(HttpContext context) =>
        RawPath.After(context, "/api/v1/files/", (string?)context.Request.RouteValues["path"] ?? "");
}

using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Rat.Storage;

namespace Rat.Endpoints.Http;

/// <summary>A <c>multipart/form-data</c> body with at most one file, which is streamed to disk and removed with this object.</summary>
internal sealed class UploadForm : IDisposable
{
    /// <summary>What a request may have besides the file, in bytes.</summary>
    public const int Frame = 1024 * 1024;

    private const int LongestField = 8 * 1024;

    private static readonly Failure Malformed = Failure.Invalid("the body is not valid multipart/form-data");

    private string? _temporary;

    private UploadForm()
    {
    }

    /// <summary>The field <c>path</c>, or null.</summary>
    public string? Path { get; private set; }

    /// <summary>The file's bytes, or null when there is no part <c>file</c>.</summary>
    public FileStream? Content { get; private set; }

    /// <summary>What the client calls the file.</summary>
    public string? FileName { get; private set; }

    public string ContentType { get; private set; } = "application/octet-stream";

    /// <summary>Reads the whole form. Past <paramref name="largest"/> bytes of file: <see cref="FailureKind.TooLarge"/>.</summary>
    public static async Task<Outcome<UploadForm>> ReadAsync(HttpContext context, string temporaryFolder, long largest)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary)
        {
            return Malformed;
        }

        if (context.Request.ContentLength > largest + Frame)
            return TooLarge(largest);

        var form = new UploadForm();
        try
        {
            var reader = new MultipartReader(boundary, context.Request.Body);
            while (await reader.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (await form.TakeAsync(section, temporaryFolder, largest, context.RequestAborted) is { } failure)
                {
                    form.Dispose();
                    return failure;
                }
            }

            return form;
        }
        catch (IOException full) when (FullDisk.Caused(full))
        {
            form.Dispose();
            return FullDisk.Failure;
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            form.Dispose();
            return TooLarge(largest);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException && !context.RequestAborted.IsCancellationRequested)
        {
            form.Dispose();
            return Malformed;
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Content?.Dispose();
        if (_temporary is not null)
            File.Delete(_temporary);
    }

    private static Failure TooLarge(long largest) => Failure.TooLarge($"file too large (max {largest / (1024 * 1024)}MB)");

    private async Task<Failure?> TakeAsync(MultipartSection section, string folder, long largest, CancellationToken cancellation)
    {
        if (section.GetContentDispositionHeader() is not { } disposition)
            return null;
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).Value;
        if (name == "file" && Content is null)
            return await StoreAsync(section, disposition, folder, largest, cancellation);
        if (name == "path")
            Path = await ReadFieldAsync(section, cancellation);
        return null;
    }

    private async Task<Failure?> StoreAsync(
        MultipartSection section, ContentDispositionHeaderValue disposition, string folder, long largest, CancellationToken cancellation)
    {
        FileName = (disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value;
        ContentType = string.IsNullOrEmpty(section.ContentType) ? ContentType : section.ContentType;
        _temporary = System.IO.Path.Combine(folder, Guid.NewGuid().ToString("N"));
        // Unbuffered: what a full disk refuses has to show here, not when the file is closed.
        Content = new FileStream(_temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = new byte[64 * 1024];
        for (int read; (read = await section.Body.ReadAsync(buffer, cancellation)) > 0;)
        {
            if (Content.Position + read > largest)
                return TooLarge(largest);
            await Content.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        Content.Position = 0;
        return null;
    }

    private static async Task<string> ReadFieldAsync(MultipartSection section, CancellationToken cancellation)
    {
        var buffer = new byte[LongestField];
        var length = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }
}

using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Nothing leaves the server without an envelope: an exception becomes a 500 (its cause is logged, never told; a full disk or a store that fails is a 503), a body that the server
/// refuses becomes its 4xx, and an error status that nobody gave a body gets one (unknown path, wrong method).
/// </summary>
internal sealed class PanicGuard(RequestDelegate next, ILogger<PanicGuard> logger)
{
    /// <summary>Not sent to anyone: marks, in the access log, a request whose client went away.</summary>
    private const int ClientGone = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, refused.StatusCode);
            return;
        }
        catch (IOException broken) when (broken.InnerException is OverflowException && !context.Response.HasStarted)
        {
            // How the server tells of a chunk whose length is beyond any number; every other broken chunk is the exception above.
            await AnswerAsync(context, StatusCodes.Status400BadRequest);
            return;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = ClientGone;
            return;
        }
        catch (DamagedTableException damaged) when (!context.Response.HasStarted)
        {
            logger.TableDamaged(context.Request.Method, context.Request.Path, damaged.Message);
            await AnswerAsync(context, StatusCodes.Status400BadRequest, damaged.Message);
            return;
        }
        catch (StorageUnavailableException unavailable) when (!context.Response.HasStarted)
        {
            logger.StorageUnavailable(context.Request.Method, context.Request.Path, unavailable.Message);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, unavailable.Message);
            return;
        }
#pragma warning disable CA1031 // This is the one place where bugs end.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.HandlerFailed(failure, context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
                context.Abort(); // The client must not take half an answer for a whole one.
            else if (FullDisk.Caused(failure))
                await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, FullDisk.Failure.Message);
            else
                await AnswerAsync(context, StatusCodes.Status500InternalServerError);
            return;
        }

        var response = context.Response;
        if (response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            await ErrorEnvelope.WriteAsync(context, response.StatusCode);
    }

    private static async Task AnswerAsync(HttpContext context, int status, string? message = null)
    {
        // What the handler had prepared (a length, a disposition) is gone; what the outer middleware set has to stay.
        var headers = context.Response.Headers;
        headers.ContentDisposition = default;
        headers.ContentEncoding = default;
        headers.ETag = default;
        headers.CacheControl = default;
        await ErrorEnvelope.WriteAsync(context, status, message);
    }
}

using Microsoft.AspNetCore.Http.Features;
using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Sets how much may be read of a body whose length isn't known before; reading past it is a 413, so that it comes after the limiter and
/// the key. Multipart bodies get the upload limit and some room for their frame. Where the length is known, those who read the body refuse
/// it (<see cref="RequestBody"/>, <see cref="UploadForm"/>): the server would close the connection on a client that is still sending, which
/// then never sees the answer, instead of taking in the rest for a few seconds.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, ServerOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.ContentLength is not null)
            return PassAsync(context, largest: null);
        var isMultipart = context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
        return PassAsync(context, isMultipart ? options.MaxUploadBytes + UploadForm.Frame : RequestBody.MaxBytes);
    }

    private Task PassAsync(HttpContext context, long? largest)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = largest;
        return next(context);
    }
}

using Microsoft.AspNetCore.Http.Features;
using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Sets how much may be read of the body; reading past it is a 413, so that it comes after the limiter and the key. Multipart bodies get
/// the upload limit and some room for their frame; the upload's own handler counts the file itself.
/// </summary>
internal sealed class BodyLimit(RequestDelegate next, ServerOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var isMultipart = context.Request.ContentType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) == true;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = isMultipart ? options.MaxUploadBytes + RequestBody.MaxBytes : RequestBody.MaxBytes;
        return next(context);
    }
}

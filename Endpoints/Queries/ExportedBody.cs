using Rat.Engine.Queries;

namespace Rat.Endpoints.Queries;

/// <summary>A whole result, sent from its file.</summary>
internal sealed class ExportedBody(ExportedResult result) : IResult
{
    private const int PieceBytes = 256 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (result)
        {
            var response = httpContext.Response;
            response.ContentType = AcceptedFormat.MediaTypeOf(result.Format);
            if (result.Format == ExportFormat.Csv)
                response.ContentType += "; charset=utf-8; header=present";
            response.ContentLength = result.Content.Length;
            await result.Content.CopyToAsync(response.Body, PieceBytes, httpContext.RequestAborted);
        }
    }
}

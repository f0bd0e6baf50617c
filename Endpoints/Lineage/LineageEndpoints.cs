using Rat.Endpoints.Http;
using Rat.Engine.Lineage;
using Rat.Engine.Queries;

namespace Rat.Endpoints.Lineage;

/// <summary>What is made of what.</summary>
internal static class LineageEndpoints
{
    public static void MapLineage(this IEndpointRouteBuilder api) => api.MapGet("/lineage", Read);

    private static async Task<IResult> Read(HttpContext context, LineageService lineage) =>
        new GraphBody(await lineage.ReadAsync(context.Request.Filter("namespace"), context.RequestAborted));

    /// <summary>A graph that the engine has written.</summary>
    private sealed class GraphBody(SegmentedBuffer json) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (json)
            {
                var response = httpContext.Response;
                response.ContentType = "application/json";
                response.ContentLength = json.Length;
                await json.CopyToAsync(response.Body, httpContext.RequestAborted);
            }
        }
    }
}

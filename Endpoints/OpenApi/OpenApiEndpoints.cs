using System.Text;

namespace Rat.Endpoints.OpenApi;

/// <summary><c>GET /api/v1/openapi.json</c>.</summary>
internal static class OpenApiEndpoints
{
    public static void MapOpenApi(this IEndpointRouteBuilder api)
    {
        // Made when it is first asked for, then the same: routes don't change while a server runs.
        byte[]? document = null;
        api.MapGet("/openapi.json", async (HttpContext context, EndpointDataSource routes) =>
        {
            document ??= Encoding.UTF8.GetBytes(OpenApiDocument.Of(routes).ToJsonString());
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = document.Length;
            await context.Response.Body.WriteAsync(document, context.RequestAborted);
        });
    }
}

using System.Globalization;
using Rat.Endpoints.Http;
using Rat.Engine.Previews;
using Rat.Storage;

namespace Rat.Endpoints.Previews;

/// <summary>Dry runs of a pipeline.</summary>
internal static class PreviewEndpoints
{
    public static void MapPreviews(this IEndpointRouteBuilder api) => api.MapPost("/pipelines/{namespace}/{layer}/{name}/preview", Preview);

    private static async Task<IResult> Preview(HttpContext context, string @namespace, string layer, string name, PreviewService previews)
    {
        var body = await RequestBody.ReadOptionalAsync(context, PreviewsJson.Default.PreviewBody, PreviewBody.Empty);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (limit, samples, code) = body.Value;
        if (samples?.Contains(null) == true)
            return ApiResults.Failure(Failure.Invalid("invalid request body: sample_files is not of the expected type"));

        var order = new PreviewOrder(
            new TableName(@namespace, layer, name), LimitOf(context.Request, limit), code, [.. samples?.OfType<string>() ?? []]);
        var report = await previews.PreviewAsync(order, context.RequestAborted);
        return report.Succeeded ? new PreviewReportBody(report.Value) : ApiResults.Failure(report.Failure);
    }

    // The parameter wins over the body, if it is a positive number.
    private static int LimitOf(HttpRequest request, long? inBody)
    {
        var isNumber = long.TryParse(request.Filter("limit"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit);
        var wanted = isNumber && limit > 0 ? limit : inBody ?? 0;
        return wanted > 0 ? (int)Math.Min(wanted, PreviewOrder.MostRows) : PreviewOrder.StandardRows;
    }
}

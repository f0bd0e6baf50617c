using Microsoft.Net.Http.Headers;
using Rat.Engine.Queries;

namespace Rat.Endpoints.Queries;

/// <summary>
/// Chooses the form of a result by the header <c>Accept</c> (RFC 9110, section 12.5.1): the type with the highest weight that there is, the
/// first of equal ones. JSON is the answer to everything else too, to nothing, <c>*/*</c> and types that there aren't: never a 406.
/// </summary>
internal static class AcceptedFormat
{
    private static readonly Dictionary<string, ExportFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["text/csv"] = ExportFormat.Csv,
        ["application/x-ndjson"] = ExportFormat.Ndjson,
        ["application/vnd.apache.parquet"] = ExportFormat.Parquet,
        ["application/vnd.apache.arrow.stream"] = ExportFormat.Arrow,
    };

    /// <summary>Null for JSON.</summary>
    public static ExportFormat? Of(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types))
            return null;
        (ExportFormat? Format, double Weight) best = (null, 0);
        foreach (var type in types)
        {
            var name = type.MediaType.Value ?? "";
            var isExport = Formats.TryGetValue(name, out var format);
            var weight = type.Quality ?? 1;
            if (weight > best.Weight && (isExport || name is "application/json" or "application/*" or "*/*"))
                best = (isExport ? format : null, weight);
        }

        return best.Format;
    }

    /// <summary>The content type of a format.</summary>
    public static string MediaTypeOf(ExportFormat format) => Formats.First(entry => entry.Value == format).Key;
}

using System.Globalization;

namespace Rat.Endpoints.Http;

/// <summary>The window of a list: bad values are corrected silently, never an error (behaviour §1, "Pagination").</summary>
/// <param name="Limit">1–200, 50 by default.</param>
/// <param name="Offset">0 or more.</param>
internal readonly record struct Paging(int Limit, int Offset)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    public static Paging Of(HttpRequest request)
    {
        var limit = Number(request.Query["limit"]);
        var offset = Number(request.Query["offset"]);
        return new Paging(limit is null or <= 0 ? DefaultLimit : Math.Min(limit.Value, MaxLimit), offset is > 0 ? offset.Value : 0);
    }

    /// <summary>Null when missing, not a number, or beyond 32 bits.</summary>
    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}

namespace Rat.Endpoints.Http;

/// <summary>Query parameters that filter a list.</summary>
internal static class Filters
{
    /// <summary>The value of a filter; missing and empty both mean no filter (null).</summary>
    public static string? Filter(this HttpRequest request, string name)
    {
        var value = (string?)request.Query[name];
        return string.IsNullOrEmpty(value) ? null : value;
    }
}

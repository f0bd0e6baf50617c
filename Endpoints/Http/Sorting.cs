namespace Rat.Endpoints.Http;

/// <summary>The order of a list. An unknown field is <c>created_at desc</c>; the store puts nulls last and breaks ties by id.</summary>
/// <param name="Field">One of the fields that the caller allowed.</param>
internal readonly record struct Sorting(string Field, bool Descending)
{
    private const string DefaultField = "created_at";

    /// <summary>Reads <c>sort</c> and <c>order</c>; <c>sort=-x</c> means descending, as does everything but <c>order=asc</c>.</summary>
    /// <param name="allowed">Fields that can be sorted by; the text from the client is never passed on.</param>
    public static Sorting Of(HttpRequest request, ReadOnlySpan<string> allowed)
    {
        var sort = (string?)request.Query["sort"] ?? "";
        var order = (string?)request.Query["order"];
        if (sort.Length == 0)
            return new Sorting(DefaultField, order != "asc");

        var name = sort.StartsWith('-') ? sort[1..] : sort;
        foreach (var field in allowed)
        {
            if (field == name)
                return new Sorting(field, order != "asc");
        }

        return new Sorting(DefaultField, Descending: true);
    }
}

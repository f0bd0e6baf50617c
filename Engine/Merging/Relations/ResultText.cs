namespace Rat.Engine.Merging.Relations;

/// <summary>The result of an admitted statement as a relation.</summary>
internal static class ResultText
{
    /// <summary>Columns by position, <c>r0</c>, <c>r1</c> …: a name may need quotes, and an expression's name may not be one at all.</summary>
    public static string Of(string sql, int width) =>
        $"({sql}\n) AS result({string.Join(", ", Enumerable.Range(0, width).Select(column => $"r{column}"))})";
}

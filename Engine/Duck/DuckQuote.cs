namespace Rat.Engine.Duck;

/// <summary>The one place where text becomes part of a statement.</summary>
internal static class DuckQuote
{
    /// <summary>A quoted identifier, whatever the name holds.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A string literal; DuckDB knows no backslash escapes in plain literals.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}

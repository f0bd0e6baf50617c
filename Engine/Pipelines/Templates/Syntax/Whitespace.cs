namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>White space as Python sees it: Unicode's, and the four separators U+001C to U+001F.</summary>
internal static class Whitespace
{
    public static bool Is(char letter) => char.IsWhiteSpace(letter) || letter is >= '\u001c' and <= '\u001f';

    public static int Skip(string text, int from)
    {
        while (from < text.Length && Is(text[from]))
            from++;
        return from;
    }

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1]))
            end--;
        return text[..end];
    }

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        var start = 0;
        while (start < text.Length && Is(text[start]))
            start++;
        return text[start..];
    }
}

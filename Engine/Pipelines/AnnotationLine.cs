using Rat.Engine.Pipelines.Templates.Syntax;

namespace Rat.Engine.Pipelines;

/// <summary>A comment line of the form <c>-- @key: value</c>.</summary>
internal static class AnnotationLine
{
    /// <summary>
    /// Takes a line apart: white space, the mark, white space, <c>@key:</c> with nothing before the colon. False for any other line. The
    /// value is trimmed and may be empty.
    /// </summary>
    /// <param name="marks">What may start the comment, such as <c>--</c>.</param>
    public static bool TryParse(ReadOnlySpan<char> line, ReadOnlySpan<string> marks, out ReadOnlySpan<char> key, out ReadOnlySpan<char> value)
    {
        key = value = default;
        var rest = Trim(line);
        if (!TrySkipMark(ref rest, marks))
            return false;
        rest = Whitespace.TrimStart(rest);
        if (!rest.StartsWith('@'))
            return false;
        var end = 1;
        while (end < rest.Length && (char.IsLetterOrDigit(rest[end]) || rest[end] == '_'))
            end++;
        if (end == 1 || end == rest.Length || rest[end] != ':')
            return false;
        key = rest[1..end];
        value = Trim(rest[(end + 1)..]);
        return true;
    }

    /// <summary>Without the byte order mark that some editors put before a text.</summary>
    public static ReadOnlySpan<char> WithoutMark(string source) => source.AsSpan(source.StartsWith('\ufeff') ? 1 : 0);

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => Whitespace.TrimStart(Whitespace.TrimEnd(text));

    private static bool TrySkipMark(ref ReadOnlySpan<char> line, ReadOnlySpan<string> marks)
    {
        foreach (var mark in marks)
        {
            if (line.StartsWith(mark, StringComparison.Ordinal))
            {
                line = line[mark.Length..];
                return true;
            }
        }

        return false;
    }
}

using System.Text;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Texts counted as Python counts them, in code points: a letter outside the basic plane is one, though it is two UTF-16 units here.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        var count = text.Length;
        if (IsSimple(text))
            return count;
        foreach (var _ in Pairs(text))
            count--;
        return count;
    }

    public static IEnumerable<string> Of(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = SizeAt(text, at);
            yield return length == 1 ? text[at].ToString() : text.Substring(at, length);
            at += length;
        }
    }

    /// <summary>The index in UTF-16 units of a code point; <paramref name="index"/> may be one after the last.</summary>
    public static int ToUnits(string text, int index)
    {
        if (IsSimple(text))
            return index;
        var at = 0;
        for (; index > 0; index--)
            at += SizeAt(text, at);
        return at;
    }

    /// <summary>The code point that starts at an index in UTF-16 units.</summary>
    public static int FromUnits(string text, int units) => Count(text[..units]);

    public static string At(string text, int index)
    {
        var at = ToUnits(text, index);
        return text.Substring(at, SizeAt(text, at));
    }

    /// <summary>The text from one code point to another one, which is not part of it.</summary>
    public static string Slice(string text, int start, int end)
    {
        var from = ToUnits(text, start);
        return text[from..(from + ToUnits(text[from..], end - start))];
    }

    /// <summary>Order by code points, which is not the order of UTF-16 units.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[common], right[common]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    public static string Reverse(string text)
    {
        var reversed = new StringBuilder(text.Length);
        for (var at = text.Length; at > 0;)
        {
            var length = at > 1 && char.IsSurrogatePair(text[at - 2], text[at - 1]) ? 2 : 1;
            at -= length;
            reversed.Append(text, at, length);
        }

        return reversed.ToString();
    }

    /// <summary>UTF-16 units of the code point at an index in units; 1 at the end of the text.</summary>
    public static int SizeAt(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    private static bool IsSimple(string text) => text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0;

    private static IEnumerable<int> Pairs(string text)
    {
        for (var at = 0; at + 1 < text.Length; at++)
        {
            if (char.IsSurrogatePair(text[at], text[at + 1]))
                yield return at++;
        }
    }
}

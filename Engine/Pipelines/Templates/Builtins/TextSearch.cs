using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>
/// Finds texts in texts, in time that grows with their sum. The library's search takes their product when it must, which templates could use
/// to hang: it is only used for short patterns.
/// </summary>
internal static class TextSearch
{
    private const int ShortPattern = 32;

    /// <summary>The first place at or after <paramref name="start"/>, or -1.</summary>
    public static int IndexOf(string text, string pattern, int start, Budget budget)
    {
        var found = pattern.Length <= ShortPattern
            ? text.IndexOf(pattern, start, StringComparison.Ordinal)
            : Search(text.AsSpan(start), pattern, fromEnd: false) is >= 0 and var offset ? start + offset : -1;
        budget.Spend(1 + (((found < 0 ? text.Length : found) - start + pattern.Length) / 16));
        return found;
    }

    /// <summary>The last place before <paramref name="end"/> at which the pattern ends at or before it, or -1.</summary>
    public static int LastIndexOf(string text, string pattern, int end, Budget budget)
    {
        int found;
        if (pattern.Length <= ShortPattern)
        {
            found = text.AsSpan(0, end).LastIndexOf(pattern, StringComparison.Ordinal);
        }
        else
        {
            budget.Spend(end / 16);
            found = Search(text.AsSpan(0, end), pattern, fromEnd: true);
            found = found < 0 ? -1 : end - found - pattern.Length;
        }

        budget.Spend(1 + ((end - Math.Max(found, 0) + pattern.Length) / 16));
        return found;
    }

    /// <summary>How often the pattern occurs without overlap; an empty one occurs around every letter.</summary>
    public static int Count(string text, string pattern, Budget budget)
    {
        if (pattern.Length == 0)
            return CodePoints.Count(text) + 1;
        var count = 0;
        for (var at = 0; (at = IndexOf(text, pattern, at, budget)) >= 0; at += pattern.Length)
            count++;
        return count;
    }

    /// <summary>
    /// Knuth, Morris and Pratt: after a mismatch the pattern moves on by what is known of it, and no letter is read again.
    /// </summary>
    /// <param name="fromEnd">Both are read backwards, and the place is counted from the end.</param>
    private static int Search(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern, bool fromEnd)
    {
        var borders = new int[pattern.Length];
        for (var (at, matched) = (1, 0); at < pattern.Length; at++)
        {
            while (matched > 0 && Letter(pattern, at) != Letter(pattern, matched))
                matched = borders[matched - 1];
            if (Letter(pattern, at) == Letter(pattern, matched))
                matched++;
            borders[at] = matched;
        }

        for (var (at, matched) = (0, 0); at < text.Length; at++)
        {
            while (matched > 0 && Letter(text, at) != Letter(pattern, matched))
                matched = borders[matched - 1];
            if (Letter(text, at) == Letter(pattern, matched))
                matched++;
            if (matched == pattern.Length)
                return at - matched + 1;
        }

        return -1;

        char Letter(ReadOnlySpan<char> letters, int index) => fromEnd ? letters[^(index + 1)] : letters[index];
    }
}

namespace Rat.Engine.Landing;

/// <summary>Matches a text with <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, <c>[!a-z]</c>, by characters.</summary>
internal static class WildcardText
{
    /// <summary>Goes back to the last <c>*</c> only, so that the steps are at most the product of both lengths.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (p, t) = (0, 0);
        var (star, resume) = (-1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
                continue;
            }

            if (p < pattern.Length && MatchOne(pattern[p..], text[t]) is var length and > 0)
            {
                p += length;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    // Length of what matched the character, or 0.
    private static int MatchOne(ReadOnlySpan<char> pattern, char letter) => pattern[0] switch
    {
        '?' => 1,
        '[' => MatchClass(pattern, letter),
        var literal => literal == letter ? 1 : 0,
    };

    private static int MatchClass(ReadOnlySpan<char> pattern, char letter)
    {
        var at = 1;
        var negated = pattern.Length > 1 && pattern[1] == '!';
        if (negated)
            at++;
        var found = false;
        // A bracket right behind the opening one is a member of the class.
        for (var first = true; at < pattern.Length && (first || pattern[at] != ']'); first = false)
        {
            if (at + 2 < pattern.Length && pattern[at + 1] == '-' && pattern[at + 2] != ']')
            {
                found |= letter >= pattern[at] && letter <= pattern[at + 2];
                at += 3;
            }
            else
            {
                found |= letter == pattern[at++];
            }
        }

        return at < pattern.Length && found != negated ? at + 1 : 0;
    }
}

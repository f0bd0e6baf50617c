using System.Text;
using Rat.Storage;

namespace Rat.Engine.Automation.Triggers;

/// <summary>
/// A pattern for whole file names, by characters and with regard to case: <c>*</c> and <c>?</c> (never a slash), <c>[abc]</c>, <c>[a-z]</c>,
/// <c>[^a]</c>, and a backslash before a character that is meant as it is.
/// </summary>
internal sealed class FileGlob
{
    private const int Longest = 1024;

    private readonly IReadOnlyList<Part> _parts;

    private FileGlob(IReadOnlyList<Part> parts) => _parts = parts;

    public static Outcome<FileGlob> Parse(string pattern)
    {
        if (Encoding.UTF8.GetByteCount(pattern) > Longest)
            return Failure.Invalid($"pattern must be at most {Longest} bytes");
        var runes = pattern.EnumerateRunes().ToArray();
        var parts = new List<Part>();
        for (var at = 0; at < runes.Length;)
        {
            if (ReadPart(runes, ref at) is not { } part)
                return Failure.Invalid($"pattern \"{pattern}\" is not valid: a bracket or a backslash is left open");
            parts.Add(part);
        }

        return new FileGlob(parts);
    }

    /// <summary>Goes back to the last <c>*</c> only, so that the steps are at most the product of both lengths.</summary>
    public bool Matches(string name)
    {
        var text = name.EnumerateRunes().ToArray();
        var (p, t) = (0, 0);
        var (star, resume) = (-1, 0);
        while (t < text.Length)
        {
            if (p < _parts.Count && _parts[p].IsStar)
            {
                (star, resume) = (p++, t);
            }
            else if (p < _parts.Count && _parts[p].Matches(text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0 && text[resume].Value != '/')
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return _parts.Skip(p).All(part => part.IsStar);
    }

    private static Part? ReadPart(Rune[] pattern, ref int at) => pattern[at++].Value switch
    {
        '*' => Part.Star,
        '?' => new Part([], Negated: true),
        '[' => ReadClass(pattern, ref at),
        '\\' => at < pattern.Length ? Part.Of(pattern[at++]) : null,
        _ => Part.Of(pattern[at - 1]),
    };

    private static Part? ReadClass(Rune[] pattern, ref int at)
    {
        var negated = at < pattern.Length && pattern[at].Value == '^';
        if (negated)
            at++;
        var ranges = new List<(Rune Low, Rune High)>();
        while (at < pattern.Length)
        {
            if (pattern[at].Value == ']' && ranges.Count > 0)
            {
                at++;
                return new Part(ranges, negated);
            }

            if (ReadMember(pattern, ref at) is not { } low)
                return null;
            var high = low;
            if (at < pattern.Length && pattern[at].Value == '-')
            {
                at++;
                if (ReadMember(pattern, ref at) is not { } end)
                    return null;
                high = end;
            }

            ranges.Add((low, high));
        }

        return null;
    }

    // A hyphen or a bracket that is a member itself has a backslash before it.
    private static Rune? ReadMember(Rune[] pattern, ref int at)
    {
        if (at < pattern.Length && pattern[at].Value == '\\')
            at++;
        else if (at < pattern.Length && pattern[at].Value is '-' or ']')
            return null;
        return at < pattern.Length ? pattern[at++] : null;
    }

    private sealed record Part(IReadOnlyList<(Rune Low, Rune High)> Ranges, bool Negated, bool IsStar = false)
    {
        public static Part Star { get; } = new([], Negated: false, IsStar: true);

        public static Part Of(Rune rune) => new([(rune, rune)], Negated: false);

        public bool Matches(Rune rune) =>
            !IsStar && (!Negated || rune.Value != '/') && Ranges.Any(range => rune >= range.Low && rune <= range.High) != Negated;
    }
}

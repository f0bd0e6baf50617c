using System.Text;
using System.Text.RegularExpressions;

namespace Rat.Engine.Duck;

/// <summary>Files, or folders, that have a public address: <c>/data/objects</c> with <c>s3://rat</c> turns <c>/data/objects/a/b.csv</c> into
/// <c>s3://rat/a/b.csv</c>.</summary>
internal readonly record struct PublicAddress(string Path, string Address)
{
    /// <summary>Length of the id of a version that follows the path and isn't part of the address.</summary>
    public int VersionLength { get; init; }
}

/// <summary>Makes DuckDB's messages fit for the person who wrote the statement.</summary>
internal static partial class DuckErrorText
{
    private const string SystemFolder =
        @"(?:/(?:bin|boot|dev|etc|home|lib\w*|media|mnt|opt|private|proc|root|run|sbin|srv|sys|tmp|usr|var|Users|Volumes|Library)/|[A-Za-z]:[\\/])";

    private const string Extension = @"\.\w{1,8}";
    private const string PathLetter = """[^\s"',;()\[\]]""";

    /// <summary>
    /// Takes out local paths (<c>&lt;path&gt;</c>), addresses in memory (<c>&lt;addr&gt;</c>), places in DuckDB's source
    /// (<c>&lt;internal&gt;</c>) and stack traces. The quoted line of the statement keeps what its author wrote, and its caret stays under the
    /// same character.
    /// </summary>
    public static string Scrub(string message, params ReadOnlySpan<PublicAddress> addresses)
    {
        var trace = message.IndexOf("\nStack Trace:", StringComparison.Ordinal);
        var lines = (trace < 0 ? message : message[..trace]).TrimEnd().Split('\n');
        var scrubbed = new StringBuilder(message.Length);
        for (var i = 0; i < lines.Length; i++)
        {
            if (i > 0)
                scrubbed.Append('\n');
            var hasCaret = i + 1 < lines.Length && lines[i].StartsWith("LINE ", StringComparison.Ordinal) && CaretLine.IsMatch(lines[i + 1]);
            var line = new ScrubbedLine(lines[i]) { Caret = hasCaret ? lines[i + 1].Length - 1 : -1 };
            foreach (var address in addresses)
                line.Replace(address.Path, address.VersionLength, address.Address);
            if (!hasCaret)
            {
                scrubbed.Append(ScrubFreely(line.Text));
                continue;
            }

            DropCutPaths(ref line, addresses);
            scrubbed.Append(line.Text).Append('\n').Append(' ', line.Caret).Append('^');
            i++;
        }

        return scrubbed.ToString();
    }

    private static string ScrubFreely(string line)
    {
        line = SourcePlace.Replace(line, "<internal>");
        line = AbsolutePath.Replace(line, "<path>");
        return MemoryAddress.Replace(line, "<addr>");
    }

    /// <summary>DuckDB shows 80 characters of a long line and cuts on both sides, so that a piece of a path may be left that no root matches.</summary>
    private static void DropCutPaths(ref ScrubbedLine line, ReadOnlySpan<PublicAddress> addresses)
    {
        if (CutAtStart.Match(line.Text) is { Success: true } start)
            line.Replace(start.Groups[1].Index, start.Groups[1].Length, "");
        if (CutAtEnd.Match(line.Text) is not { Success: true } end)
            return;
        foreach (var address in addresses)
        {
            if (address.Path.StartsWith(end.Groups[1].Value, StringComparison.Ordinal))
            {
                line.Replace(end.Groups[1].Index, end.Groups[1].Length, "");
                return;
            }
        }
    }

    /// <summary>A line whose caret moves along when something before it is replaced.</summary>
    private struct ScrubbedLine(string text)
    {
        public string Text { get; private set; } = text;

        public int Caret { get; set; }

        // Also the version's id behind it, or what a cut has left of that.
        public void Replace(string old, int versionLength, string replacement)
        {
            for (var at = Text.IndexOf(old, StringComparison.Ordinal); at >= 0; at = Text.IndexOf(old, at, StringComparison.Ordinal))
            {
                var length = old.Length;
                for (var more = 0; more < versionLength && at + length < Text.Length && (char.IsAsciiHexDigitLower(Text[at + length]) || Text[at + length] == '-'); more++)
                    length++;
                Replace(at, length, replacement);
                at += replacement.Length;
            }
        }

        public void Replace(int start, int length, string replacement)
        {
            Text = string.Concat(Text.AsSpan(0, start), replacement, Text.AsSpan(start + length));
            if (Caret >= start + length)
                Caret += replacement.Length - length;
            else if (Caret > start)
                Caret = start;
        }
    }

    [GeneratedRegex(@"\A *\^\z", RegexOptions.CultureInvariant)]
    private static partial Regex CaretLine { get; }

    /// <summary>Below a folder that Unix systems have, on a drive of Windows, or with an extension. A text such as <c>/products/12</c> is data.
    /// Between quotes it may hold spaces.</summary>
    [GeneratedRegex(
        "(?<=[\"'])(?:" + SystemFolder + "[^\"']*|/[^\"']+" + Extension + ")(?=[\"'])"
        + "|(?<![\\w.:/\\\\<>\"'-])(?:" + SystemFolder + PathLetter + "*|/" + PathLetter + "+" + Extension + "\\b)",
        RegexOptions.CultureInvariant)]
    private static partial Regex AbsolutePath { get; }

    [GeneratedRegex(@"\b0x[0-9a-fA-F]{6,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex MemoryAddress { get; }

    [GeneratedRegex(@"(?<![\w""'])[\w./-]+\.(?:cpp|hpp|cc)(?::\d+)?(?![\w""'])", RegexOptions.CultureInvariant)]
    private static partial Regex SourcePlace { get; }

    [GeneratedRegex("""\ALINE \d+: \.\.\.([^\s"',()\[\]]*/[^\s"',()\[\]]*)""", RegexOptions.CultureInvariant)]
    private static partial Regex CutAtStart { get; }

    [GeneratedRegex("""['"](/[^'"]*)\.\.\.\z""", RegexOptions.CultureInvariant)]
    private static partial Regex CutAtEnd { get; }
}

using System.Text.RegularExpressions;

namespace Rat.Torture.Traces;

/// <summary>A system call that succeeded. Start and end are line numbers of the trace: what has a greater start than an end began after it.</summary>
/// <param name="Paths">Files of its arguments, in order, descriptors resolved.</param>
/// <param name="Text">The arguments as strace wrote them, content included.</param>
internal sealed record SystemCall(int Start, int End, string Name, IReadOnlyList<string> Paths, string Text)
{
    public bool IsSync => Name is "fsync" or "fdatasync";

    public bool IsWrite => Name is "write" or "pwrite64" or "writev" or "pwritev" or "pwritev2" or "ftruncate" or "fallocate" or "sendfile"
        or "copy_file_range";

    public bool IsSend => Name is "sendto" or "sendmsg";

    public bool IsRename => Name is "rename" or "renameat" or "renameat2";

    /// <summary>The first file of the arguments: the one that is written or synced.</summary>
    public string? Path => Paths.Count > 0 ? Paths[0] : null;
}

/// <summary>Reads what <c>strace -f -tt -y</c> wrote.</summary>
internal static partial class TraceFile
{
    /// <summary>The calls that succeeded, by their ends.</summary>
    public static IReadOnlyList<SystemCall> Read(string path)
    {
        var calls = new List<SystemCall>();
        var unfinished = new Dictionary<string, (int Line, string Text)>();
        foreach (var (line, text) in File.ReadLines(path).Index())
        {
            if (Line().Match(text) is not { Success: true } match)
                continue;
            var (thread, rest) = (match.Groups["thread"].Value, match.Groups["rest"].Value);
            var start = line;
            if (rest.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[thread] = (line, rest[..^"<unfinished ...>".Length]);
                continue;
            }

            if (Resumed().Match(rest) is { Success: true } resumed)
            {
                if (!unfinished.Remove(thread, out var begun))
                    continue;
                (start, rest) = (begun.Line, begun.Text + resumed.Groups["rest"].Value);
            }

            if (Call().Match(rest) is { Success: true } call)
            {
                var arguments = call.Groups["arguments"].Value;
                calls.Add(new SystemCall(start, line, call.Groups["name"].Value, Paths(arguments), arguments));
            }
        }

        return calls;
    }

    private static List<string> Paths(string arguments)
    {
        var paths = new List<string>();
        foreach (Match match in Argument().Matches(arguments))
        {
            var path = match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["descriptor"].Value;
            if (path.StartsWith('/'))
                paths.Add(path);
        }

        return paths;
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+[\d:.]+ (?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Line();

    [GeneratedRegex(@"^<\.\.\. \w+ resumed>(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Resumed();

    // A result that is not negative; a descriptor is followed by its path.
    [GeneratedRegex(@"^(?<name>\w+)\((?<arguments>.*)\)\s+= \d+(<[^>]*>)?(\s.*)?$", RegexOptions.Singleline)]
    private static partial Regex Call();

    // 5</path> or AT_FDCWD</path>, and "/path"; content of a write looks like the latter only when it begins with a slash.
    [GeneratedRegex("""(?:\d+|AT_FDCWD)<(?<descriptor>[^>]*)>|"(?<quoted>[^"]*)"(?!\.)""")]
    private static partial Regex Argument();
}

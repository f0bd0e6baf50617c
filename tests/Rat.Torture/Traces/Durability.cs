namespace Rat.Torture.Traces;

/// <summary>
/// Checks a trace for the order that a lost power supply asks for: before something is named in <c>rat.db</c>, every file of it was synced
/// after its last write, and every directory after it got a new name.
/// </summary>
internal sealed class Durability(IReadOnlyList<SystemCall> calls, string database)
{
    private readonly List<SystemCall> _renames = [.. calls.Where(call => call.IsRename)];

    /// <summary>The write to SQLite's log whose content has <paramref name="text"/>, if it is synced later; null when there is none.</summary>
    public SystemCall? FindCommit(string text)
    {
        var log = database + "-wal";
        var write = calls.FirstOrDefault(call => call.IsWrite && call.Path == log && call.Text.Contains(text, StringComparison.Ordinal));
        return write is not null && calls.Any(call => call.IsSync && call.Path == log && call.Start > write.End) ? write : null;
    }

    /// <summary>What is wrong when a client was told of <paramref name="text"/> before SQLite's log had it and was synced.</summary>
    public IEnumerable<string> ToldTooEarly(string text)
    {
        var log = database + "-wal";
        var write = calls.FirstOrDefault(call => call.IsWrite && call.Path == log && call.Text.Contains(text, StringComparison.Ordinal));
        var told = calls.OrderBy(call => call.Start).FirstOrDefault(call => call.IsSend && call.Text.Contains(text, StringComparison.Ordinal));
        if (write is null || told is null)
            yield return $"{text}: its write to rat.db-wal or its answer was not seen";
        else if (!calls.Any(call => call.IsSync && call.Path == log && call.Start > write.End && call.End < told.Start))
            yield return $"{text}: not synced between its write (line {write.End + 1}) and its answer (line {told.Start + 1})";
    }

    /// <summary>Files below a folder that were made before <paramref name="line"/> and still had their name then.</summary>
    public IReadOnlyList<string> MadeBelow(string folder, int line)
    {
        var names = new HashSet<string>();
        foreach (var call in calls.Where(call => call.End < line))
        {
            if (NameMade(call) is { } made && call.Name is not ("mkdir" or "mkdirat"))
                names.Add(made);
            if (call.IsRename)
                names.Remove(call.Paths[^2]);
            else if (call.Name is "unlink" or "unlinkat")
                names.Remove(call.Paths[^1]);
        }

        return [.. names.Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>What is not as it must be about a file when the line <paramref name="limit"/> of the trace is reached.</summary>
    /// <param name="root">Directories above it were there before.</param>
    public IEnumerable<string> Violations(string file, string root, int limit)
    {
        var written = LastWrite(file, limit);
        if (written is null)
            yield return $"{file}: no write to it was seen";
        else if (!SyncsBetween(written.End, limit).Any(call => IsSameFile(call, file, limit)))
            yield return $"{file}: not synced between its last write (line {written.End + 1}) and its naming in rat.db (line {limit + 1})";

        // The file's own name, then the names of the directories above it that are new.
        for (var name = file; name != root; name = Path.GetDirectoryName(name)!)
        {
            var made = calls.LastOrDefault(call => call.End < limit && NameMade(call) == name);
            var directory = Path.GetDirectoryName(name)!;
            if (made is not null && !SyncsBetween(made.End, limit).Any(call => call.Path == directory))
                yield return $"{name}: its directory was not synced between line {made.End + 1} and its naming in rat.db (line {limit + 1})";
        }
    }

    private SystemCall? LastWrite(string file, int limit) =>
        calls.LastOrDefault(call => call.IsWrite && call.End < limit && IsSameFile(call, file, limit));

    private IEnumerable<SystemCall> SyncsBetween(int from, int to) => calls.Where(call => call.IsSync && call.Start > from && call.End < to);

    // Under which name the file went at a time: a rename that follows gives it the next one.
    private bool IsSameFile(SystemCall call, string file, int limit)
    {
        var name = call.Path;
        foreach (var rename in _renames)
        {
            if (rename.Start > call.Start && rename.End < limit && rename.Paths[^2] == name)
                name = rename.Paths[^1];
        }

        return name == file;
    }

    private static string? NameMade(SystemCall call) => call.Name switch
    {
        "mkdir" or "mkdirat" or "creat" => call.Paths[^1],
        "rename" or "renameat" or "renameat2" or "link" or "linkat" => call.Paths[^1],
        "openat" or "open" when call.Text.Contains("O_CREAT", StringComparison.Ordinal) => call.Paths[^1],
        _ => null,
    };
}

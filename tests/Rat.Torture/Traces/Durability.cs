namespace Rat.Torture.Traces;

/// <summary>
/// Checks a trace for the order that a lost power supply asks for: before something is named in <c>rat.db</c>, every file of it was synced
/// after its last write, and every directory after it got a new name.
/// </summary>
internal sealed class Durability(IReadOnlyList<SystemCall> calls, string database)
{
    private readonly List<SystemCall> _renames = [.. calls.Where(IsRename)];

    /// <summary>The write to SQLite's log whose content has <paramref name="text"/>, and the sync that makes it durable; null when there is none.</summary>
    public (SystemCall Write, SystemCall Sync)? FindCommit(string text)
    {
        var log = database + "-wal";
        var write = calls.FirstOrDefault(call => call.IsWrite && call.Paths is [var path, ..] && path == log && call.Text.Contains(text, StringComparison.Ordinal));
        var sync = write is null ? null : calls.FirstOrDefault(call => call.IsSync && call.Paths is [var path, ..] && path == log && call.Start > write.End);
        return write is null || sync is null ? null : (write, sync);
    }

    /// <summary>Files below a folder that were made before <paramref name="line"/> and still had their name then.</summary>
    public IReadOnlyList<string> MadeBelow(string folder, int line)
    {
        var names = new HashSet<string>();
        foreach (var call in calls.Where(call => call.End < line))
        {
            if (NameMade(call) is { } made && call.Name is not ("mkdir" or "mkdirat"))
                names.Add(made);
            if (IsRename(call))
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
        else if (!calls.Any(call => call.IsSync && call.Start > written.End && call.End < limit && IsSameFile(call.Paths[0], call.Start, file, limit)))
            yield return $"{file}: not synced between its last write (line {written.End + 1}) and its naming in rat.db (line {limit + 1})";

        // The file's own name, then the names of the directories above it that are new.
        for (var name = file; name != root; name = Path.GetDirectoryName(name)!)
        {
            var made = calls.LastOrDefault(call => call.End < limit && NameMade(call) == name);
            var directory = Path.GetDirectoryName(name)!;
            if (made is not null && !calls.Any(call => call.IsSync && call.Paths is [var path, ..] && path == directory && call.Start > made.End && call.End < limit))
                yield return $"{name}: its directory was not synced between its making (line {made.End + 1}) and its naming in rat.db (line {limit + 1})";
        }
    }

    private SystemCall? LastWrite(string file, int limit) =>
        calls.LastOrDefault(call => call.IsWrite && call.End < limit && call.Paths is [var path, ..] && IsSameFile(path, call.Start, file, limit));

    // Under which name the file went at a time: a rename that follows gives it the next one.
    private bool IsSameFile(string path, int at, string file, int limit)
    {
        var name = path;
        foreach (var rename in _renames)
        {
            if (rename.Start > at && rename.End < limit && rename.Paths[^2] == name)
                name = rename.Paths[^1];
        }

        return name == file;
    }

    private static bool IsRename(SystemCall call) => call.Name.StartsWith("rename", StringComparison.Ordinal);

    private static string? NameMade(SystemCall call) => call.Name switch
    {
        "mkdir" or "mkdirat" or "creat" => call.Paths[^1],
        "rename" or "renameat" or "renameat2" or "link" or "linkat" => call.Paths[^1],
        "openat" or "open" when call.Text.Contains("O_CREAT", StringComparison.Ordinal) => call.Paths[^1],
        _ => null,
    };
}

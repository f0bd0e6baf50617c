using System.Globalization;

namespace Rat.Storage.Backup;

/// <summary>
/// An object of a backup by its key: a base holds the whole database as it was before the segment of the same number, a segment the pages that
/// were changed since the one before it. An epoch has segments without a gap: whoever may have missed a change begins another one.
/// </summary>
internal sealed record BackupObject(int Epoch, bool IsBase, long Number)
{
    private const string Base = "base-";
    private const string Segment = "log-";

    public string Key(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{Epoch:D8}/{(IsBase ? Base : Segment)}{Number:D10}");

    /// <summary>Null when the key is of something else.</summary>
    public static BackupObject? Parse(string key, string prefix)
    {
        var parts = key[prefix.Length..].Split('/');
        if (parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
            return null;
        var isBase = parts[1].StartsWith(Base, StringComparison.Ordinal);
        if (!isBase && !parts[1].StartsWith(Segment, StringComparison.Ordinal))
            return null;
        return long.TryParse(parts[1].AsSpan((isBase ? Base : Segment).Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new BackupObject(epoch, isBase, number) : null;
    }
}

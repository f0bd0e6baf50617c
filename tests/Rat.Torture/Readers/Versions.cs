using System.Globalization;

namespace Rat.Torture.Readers;

/// <summary>What tells one version of the table from every mixture of versions.</summary>
/// <param name="Newest">The greatest version of a row.</param>
/// <param name="Rows">How many rows there are.</param>
/// <param name="Changed">How many of them are of the newest version.</param>
/// <param name="Ids">Sum of the ids.</param>
/// <param name="Weighted">Sum of version times id.</param>
internal sealed record Seen(long Newest, long Rows, long Changed, long Ids, long Weighted);

/// <summary>
/// A table of which every commit replaces some rows: row <c>i</c> keeps the number of the commit that wrote it last. What the table shows at
/// each commit is known before the commit is made.
/// </summary>
internal sealed class Versions
{
    /// <summary>A prime: every stride but itself meets each row once.</summary>
    public const int Rows = 2003;

    private readonly long[] _written = new long[Rows];
    private readonly Dictionary<long, Seen> _seen = [];
    private readonly Lock _lock = new();

    /// <summary>The statement of the next commit; its outcome is known from here on.</summary>
    public string Next(long version, int count, int stride, int offset)
    {
        for (var i = 0; i < count; i++)
            _written[((i * stride) + offset) % Rows] = version;
        var seen = new Seen(
            version, Rows, _written.Count(written => written == version), Enumerable.Range(0, Rows).Sum(id => (long)id),
            _written.Index().Sum(row => row.Item * row.Index));
        lock (_lock)
            _seen[version] = seen;
        return string.Create(CultureInfo.InvariantCulture, $"""
            SELECT (range * {stride} + {offset}) % {Rows} AS id, {version} AS version, md5(concat(range, '/', {version})) AS filling
            FROM range({count})
            """);
    }

    /// <summary>Null when this is exactly what one commit left.</summary>
    public string? Fault(Seen seen)
    {
        lock (_lock)
            return _seen.GetValueOrDefault(seen.Newest) == seen ? null : $"{seen} instead of {_seen.GetValueOrDefault(seen.Newest)}";
    }
}

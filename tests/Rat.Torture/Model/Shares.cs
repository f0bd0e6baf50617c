using System.Collections.Concurrent;
using System.Globalization;

namespace Rat.Torture.Model;

/// <summary>Counts what the sequences have been through. Safe to use from several threads.</summary>
internal sealed class Shares
{
    public const string Commits = "commits";

    /// <summary>What a commit can take; none of them may be rare.</summary>
    public static readonly IReadOnlyList<string> Ways = ["copy-on-write", "position deletes", "compaction", "schema change"];

    private readonly ConcurrentDictionary<string, int> _counts = new();

    public int this[string what] => _counts.GetValueOrDefault(what);

    public void Count(string what, int many = 1) => _counts.AddOrUpdate(what, many, (_, before) => before + many);

    public double ShareOf(string way) => this[Commits] == 0 ? 0 : (double)this[way] / this[Commits];

    public override string ToString()
    {
        var ways = Ways.Select(way => string.Create(CultureInfo.InvariantCulture, $"{way} {ShareOf(way):P1}"));
        var rest = _counts.Where(count => !Ways.Contains(count.Key)).OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => $"{count.Value} {count.Key}");
        return $"{string.Join(", ", ways)}; {string.Join(", ", rest)}";
    }
}

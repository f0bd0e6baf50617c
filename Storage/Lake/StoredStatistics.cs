using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Rat.Storage.Lake.Avro;

namespace Rat.Storage.Lake;

/// <summary>Statistics of a file, decoded when somebody looks: most statements never do.</summary>
internal sealed class StoredStatistics(byte[] encoded) : IReadOnlyDictionary<int, ColumnStatistics>
{
    private Dictionary<int, ColumnStatistics>? _columns;

    /// <summary>As <see cref="StatisticsMaps"/> writes them.</summary>
    public byte[] Encoded { get; } = encoded;

    public int Count => Columns.Count;
    public IEnumerable<int> Keys => Columns.Keys;
    public IEnumerable<ColumnStatistics> Values => Columns.Values;
    public ColumnStatistics this[int key] => Columns[key];

    private Dictionary<int, ColumnStatistics> Columns => _columns ??= StatisticsMaps.Decode(Encoded);

    public bool ContainsKey(int key) => Columns.ContainsKey(key);
    public bool TryGetValue(int key, [MaybeNullWhen(false)] out ColumnStatistics value) => Columns.TryGetValue(key, out value);
    public IEnumerator<KeyValuePair<int, ColumnStatistics>> GetEnumerator() => Columns.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

namespace Rat.Storage.Lake;

/// <summary>The partition that all rows of a file belong to.</summary>
/// <param name="specId">The spec that it was written under.</param>
/// <param name="values">One for each field of the spec, in Iceberg's single-value binary form, not cut; null for NULL.</param>
internal sealed class PartitionTuple(int specId, IReadOnlyList<byte[]?> values) : IEquatable<PartitionTuple>
{
    /// <summary>Of a file of a table that was made without partitions.</summary>
    public static readonly PartitionTuple None = new(0, []);

    public int SpecId { get; } = specId;
    public IReadOnlyList<byte[]?> Values { get; } = values;

    public bool Equals(PartitionTuple? other) =>
        other is not null && SpecId == other.SpecId && Values.Count == other.Values.Count
        && Values.Zip(other.Values).All(pair => pair.First is null ? pair.Second is null : pair.Second is not null && pair.First.AsSpan().SequenceEqual(pair.Second));

    public override bool Equals(object? obj) => Equals(obj as PartitionTuple);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(SpecId);
        foreach (var value in Values)
            hash.AddBytes(value);
        return hash.ToHashCode();
    }
}

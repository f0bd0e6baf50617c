namespace Rat.Storage.Lake;

/// <summary>How the rows of a table are divided among files (Iceberg specification, "Partitioning"). A spec never changes; a file keeps the
/// one that it was written under.</summary>
/// <param name="Fields">Empty for a table that isn't partitioned.</param>
internal sealed record PartitionSpec(int Id, IReadOnlyList<SpecField> Fields)
{
    /// <summary>The spec of a table that was made without partitions.</summary>
    public static readonly PartitionSpec None = new(0, []);

    public bool IsPartitioned => Fields.Count > 0;
}

/// <summary>One value of the partition tuple.</summary>
/// <param name="FieldId">From 1000 on; never used twice in a table.</param>
/// <param name="SourceId">Field id of the column that it is made of.</param>
/// <param name="Name">The column's name, or <c>{column}_{transform}</c>.</param>
internal sealed record SpecField(int FieldId, int SourceId, string Name, SpecTransform Transform);

/// <summary>What is made of a column's value to partition by it (Iceberg specification, "Partition Transforms").</summary>
internal enum SpecTransform
{
    /// <summary>The value itself.</summary>
    Identity,

    /// <summary>Years since 1970 of a date, timestamp or timestamptz (UTC), an int.</summary>
    Year,

    /// <summary>Months since January 1970, an int.</summary>
    Month,

    /// <summary>Days since 1970-01-01. The specification says int, every implementation takes date; both are the same bytes.</summary>
    Day,

    /// <summary>Hours since 1970-01-01 00:00 of a timestamp or timestamptz, an int.</summary>
    Hour,
}

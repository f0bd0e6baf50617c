namespace Rat.Storage.Lake;

/// <summary>What a snapshot changes against the state that it is built on.</summary>
/// <param name="Schema">The table's schema from then on.</param>
/// <param name="Added">New data files. Those without rows are deleted.</param>
/// <param name="Removed">Data files of the base that are no longer part of the table; their position deletes go with them.</param>
/// <param name="Deletes">New position deletes of data files of the base that stay.</param>
internal sealed record TableChange(
    LakeSchema Schema, IReadOnlyList<WrittenFile> Added, IReadOnlyList<DataFile> Removed, IReadOnlyList<WrittenDeletes> Deletes)
{
    /// <summary>The spec that <see cref="Added"/> are written under; null for the base's own, or none for a new table.</summary>
    public PartitionSpec? NewSpec { get; init; }

    /// <summary><c>append</c>, <c>overwrite</c>, <c>delete</c>, or <c>replace</c> when the rows stay the same (Iceberg specification,
    /// "Snapshots"); null for what the files say.</summary>
    public string? Operation { get; init; }

    /// <summary>Further keys of the snapshot's summary.</summary>
    public IReadOnlyList<(string Key, string Value)> Notes { get; init; } = [];
}

/// <summary>Position deletes of one data file of the base, all of them: earlier ones included, which this file replaces.</summary>
/// <param name="File">A Parquet file of <c>file_path</c> (the data file's URI, field id 2147483546) and <c>pos</c> (2147483545), sorted by
/// position. Without rows it is deleted, and with it all deletes of the data file.</param>
internal sealed record WrittenDeletes(DataFile Of, WrittenFile File);

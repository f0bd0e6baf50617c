namespace Rat.Storage.Lake;

/// <summary>What the files of a manifest are, by their number in the specification.</summary>
internal enum ManifestContent
{
    Data = 0,
    Deletes = 1,
}

/// <summary>What a manifest list says of one manifest (Iceberg specification, "Manifest Lists").</summary>
/// <param name="Path">Below the lake's root.</param>
/// <param name="SpecId">Of all its files.</param>
/// <param name="SequenceNumber">Of the snapshot that added the manifest.</param>
/// <param name="MinSequenceNumber">The smallest of its live files.</param>
/// <param name="MaxSequenceNumber">At least the largest of its live files. The manifests of a snapshot with one content and one spec have
/// ranges that don't overlap, so that a file's sequence number tells its manifest.</param>
/// <param name="Partitions">Field 507, Avro.</param>
internal sealed record Manifest(
    string Path,
    long Length,
    ManifestContent Content,
    int SpecId,
    long SequenceNumber,
    long MinSequenceNumber,
    long MaxSequenceNumber,
    long SnapshotId,
    FileCount Added,
    FileCount Existing,
    FileCount Deleted,
    byte[] Partitions)
{
    /// <summary>How many of its entries are files of the table.</summary>
    public int LiveFiles => Added.Files + Existing.Files;

    /// <summary>Whether a live file with this sequence number is one of its entries.</summary>
    public bool Covers(long sequenceNumber) => sequenceNumber >= MinSequenceNumber && sequenceNumber <= MaxSequenceNumber;
}

/// <summary>Files and their rows.</summary>
internal readonly record struct FileCount(int Files, long Rows)
{
    public static FileCount Of(IReadOnlyList<ListedFile> files) => new(files.Count, files.Sum(file => file.RowCount));
}

/// <summary>A file as a manifest's entry names it: a data file, or the position deletes of one.</summary>
/// <param name="ReferencedPath">The data file that the deletes belong to; null for a data file.</param>
internal readonly record struct ListedFile(
    string Path,
    long RowCount,
    long SizeBytes,
    IReadOnlyDictionary<int, ColumnStatistics> Columns,
    PartitionTuple Partition,
    long SequenceNumber,
    long SnapshotId,
    string? ReferencedPath)
{
    public static ListedFile Of(DataFile file) =>
        new(file.Path, file.RowCount, file.SizeBytes, file.Columns, file.Partition, file.SequenceNumber, file.SnapshotId, null);

    /// <summary>The deletes are in the partition of their data file, under its spec.</summary>
    public static ListedFile Of(FileDeletes deletes) => new(
        deletes.File.Path, deletes.File.RowCount, deletes.File.SizeBytes, deletes.File.Columns, deletes.DataFile.Partition, deletes.File.SequenceNumber,
        deletes.File.SnapshotId, deletes.DataFile.Path);
}

/// <summary>The position deletes of a data file.</summary>
internal readonly record struct FileDeletes(DataFile DataFile, DeleteFile File)
{
    /// <summary>Of those files that have any.</summary>
    public static IEnumerable<FileDeletes> Of(IEnumerable<DataFile> files)
    {
        foreach (var file in files)
        {
            if (file.Deletes is { } deletes)
                yield return new FileDeletes(file, deletes);
        }
    }
}

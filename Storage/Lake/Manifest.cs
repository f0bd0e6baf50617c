namespace Rat.Storage.Lake;

/// <summary>What a manifest list says of one manifest (Iceberg specification, "Manifest Lists").</summary>
/// <param name="Path">Below the lake's root.</param>
/// <param name="SequenceNumber">Of the snapshot that added the manifest.</param>
/// <param name="MinSequenceNumber">The smallest of its live files. The manifests of a snapshot have ranges from this to
/// <paramref name="SequenceNumber"/> that don't overlap, so that a file's sequence number tells its manifest.</param>
internal sealed record Manifest(
    string Path,
    long Length,
    long SequenceNumber,
    long MinSequenceNumber,
    long SnapshotId,
    FileCount Added,
    FileCount Existing,
    FileCount Deleted)
{
    /// <summary>How many of its entries are files of the table.</summary>
    public int LiveFiles => Added.Files + Existing.Files;
}

/// <summary>Files and their rows.</summary>
internal readonly record struct FileCount(int Files, long Rows)
{
    public static FileCount Of(IReadOnlyList<DataFile> files) => new(files.Count, files.Sum(file => file.RowCount));
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Rat.Storage.Lake;

/// <summary>Position-delete files as manifests tell of them (Iceberg specification, "Position Delete Files" and "Reserved Field IDs").</summary>
internal static class PositionDeletes
{
    /// <summary>Field id of <c>file_path</c>.</summary>
    public const int FilePathId = 2147483546;

    /// <summary>Field id of <c>pos</c>.</summary>
    public const int PositionId = 2147483545;

    /// <summary>A delete file that a run has written.</summary>
    /// <param name="uri">Of the data file, as every one of its rows names it.</param>
    public static DeleteFile From(WrittenFile file, string path, string uri, string rootUri)
    {
        // Not cut: bounds that are equal tell readers that the file belongs to that one data file.
        var name = Encoding.UTF8.GetBytes(uri);
        var columns = new Dictionary<int, ColumnStatistics>();
        foreach (var leaf in file.Leaves)
        {
            if (leaf.Path == "\"pos\"" || leaf.Path == "pos")
                columns[PositionId] = new ColumnStatistics(leaf.SizeBytes, leaf.ValueCount, 0, null, Position(leaf.Min), Position(leaf.Max));
            else
                columns[FilePathId] = new ColumnStatistics(leaf.SizeBytes, leaf.ValueCount, 0, null, name, name);
        }

        return new DeleteFile(path, file.RowCount, file.SizeBytes, new StoredStatistics(Avro.StatisticsMaps.Encode(columns)), rootUri);
    }

    private static byte[]? Position(string? text)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return null;
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, position);
        return bytes;
    }
}

/// <summary>Writes position deletes again, for which storage has no writer of its own.</summary>
internal interface IDeleteFileWriter
{
    /// <summary>The same positions with another name of their data file, as a file below <see cref="StagingTarget.DataFolder"/>.</summary>
    /// <param name="deletes">Absolute path of the file to copy.</param>
    /// <param name="uri">What <c>file_path</c> is to be.</param>
    WrittenFile Rewrite(StagingTarget target, string deletes, string uri);
}

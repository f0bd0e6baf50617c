using System.Globalization;

namespace Rat.Storage.Lake.Avro;

/// <summary>Manifests (Iceberg specification, "Manifests"): one Avro file with an entry for each data file, or for each delete file.</summary>
/// <param name="spec">Of all its files.</param>
/// <param name="schema">Has the columns that the spec is made of.</param>
internal sealed class ManifestEncoder(
    LakePaths paths, long snapshotId, ManifestContent content, PartitionSpec spec, LakeSchema schema, AvroPartition partition)
{
    private const int Existing = 0;
    private const int Added = 1;
    private const int Deleted = 2;

    private readonly AvroEncoder _records = new();
    private int _count;

    /// <summary>Files that the snapshot adds. They inherit its sequence number.</summary>
    public void AddAdded(IEnumerable<ListedFile> files)
    {
        foreach (var file in files)
            AddEntry(Added, snapshotId, null, file);
    }

    /// <summary>Files that the table had and keeps. Only added entries inherit sequence numbers: these carry their own.</summary>
    public void AddExisting(IEnumerable<ListedFile> files)
    {
        foreach (var file in files)
            AddEntry(Existing, file.SnapshotId, file.SequenceNumber, file);
    }

    /// <summary>Files that the snapshot removes.</summary>
    public void AddDeleted(IEnumerable<ListedFile> files)
    {
        foreach (var file in files)
            AddEntry(Deleted, snapshotId, file.SequenceNumber, file);
    }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> Build() => AvroFile.Build(
        ManifestSchemas.Entry(partition.SchemaFields),
        [
            ("schema", SchemaJson.ToText(schema)),
            ("schema-id", schema.Id.ToString(CultureInfo.InvariantCulture)),
            ("partition-spec", SpecJson.FieldsToText(spec)),
            ("partition-spec-id", spec.Id.ToString(CultureInfo.InvariantCulture)),
            ("format-version", "2"),
            ("content", content == ManifestContent.Data ? "data" : "deletes"),
        ],
        _count,
        _records.Written);

    private void AddEntry(int status, long snapshot, long? sequenceNumber, ListedFile file)
    {
        _count++;
        _records.Long(status);
        _records.OptionalLong(snapshot);
        _records.OptionalLong(sequenceNumber); // of the data
        _records.OptionalLong(sequenceNumber); // of the file: rat never carries rows of an older sequence number into a new file
        _records.Long((int)content); // 0 data, 1 position deletes
        _records.Text(paths.Uri(file.Path));
        _records.Text("PARQUET");
        partition.Write(_records, file.Partition);
        _records.Long(file.RowCount);
        _records.Long(file.SizeBytes);
        _records.Encoded(StatisticsMaps.Encode(file.Columns));
        _records.Null(); // key_metadata
        _records.Null(); // split_offsets
        _records.Null(); // equality_ids
        _records.Null(); // sort_order_id
        if (file.ReferencedPath is null)
        {
            _records.Null();
        }
        else
        {
            _records.NotNull();
            _records.Text(paths.Uri(file.ReferencedPath));
        }
    }
}

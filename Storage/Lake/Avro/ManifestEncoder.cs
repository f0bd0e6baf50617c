namespace Rat.Storage.Lake.Avro;

/// <summary>Manifests (Iceberg specification, "Manifests"): one Avro file with an entry for each data file.</summary>
internal sealed class ManifestEncoder(LakePaths paths, long snapshotId)
{
    private const int Existing = 0;
    private const int Added = 1;
    private const int Deleted = 2;
    private const int DataContent = 0;

    private readonly AvroEncoder _records = new();
    private int _count;

    /// <summary>Files that the snapshot adds. They inherit its sequence number.</summary>
    public void AddAdded(IEnumerable<DataFile> files)
    {
        foreach (var file in files)
            AddEntry(Added, snapshotId, null, file);
    }

    /// <summary>Files that the table had and keeps. Only added entries inherit sequence numbers: these carry their own.</summary>
    public void AddExisting(IEnumerable<DataFile> files)
    {
        foreach (var file in files)
            AddEntry(Existing, file.SnapshotId, file.SequenceNumber, file);
    }

    /// <summary>Files that the snapshot removes.</summary>
    public void AddDeleted(IEnumerable<DataFile> files)
    {
        foreach (var file in files)
            AddEntry(Deleted, snapshotId, file.SequenceNumber, file);
    }

    /// <summary>The whole file. <paramref name="schema"/> is the table's at this snapshot.</summary>
    public ReadOnlyMemory<byte> Build(LakeSchema schema) => AvroFile.Build(
        ManifestSchemas.Entry,
        [
            ("schema", SchemaJson.ToText(schema)),
            ("schema-id", schema.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("partition-spec", "[]"),
            ("partition-spec-id", "0"),
            ("format-version", "2"),
            ("content", "data"),
        ],
        _count,
        _records.Written);

    private void AddEntry(int status, long snapshot, long? sequenceNumber, DataFile file)
    {
        _count++;
        _records.Long(status);
        _records.OptionalLong(snapshot);
        _records.OptionalLong(sequenceNumber); // of the data
        _records.OptionalLong(sequenceNumber); // of the file: rat never carries rows of an older sequence number into a new file
        _records.Long(DataContent);
        _records.Text(paths.Uri(file.Path));
        _records.Text("PARQUET");
        _records.Long(file.RowCount);
        _records.Long(file.SizeBytes);
        _records.Encoded(StatisticsMaps.Encode(file.Columns));
        _records.Null(); // key_metadata
        _records.Null(); // split_offsets
        _records.Null(); // equality_ids
        _records.Null(); // sort_order_id
    }
}

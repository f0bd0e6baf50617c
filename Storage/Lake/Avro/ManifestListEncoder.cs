using System.Globalization;

namespace Rat.Storage.Lake.Avro;

/// <summary>Manifest lists (Iceberg specification, "Manifest Lists"): one Avro file that names the manifests of a snapshot.</summary>
internal static class ManifestListEncoder
{
    public static ReadOnlyMemory<byte> Build(
        LakePaths paths, long snapshotId, long? parentId, long sequenceNumber, IReadOnlyList<Manifest> manifests)
    {
        var records = new AvroEncoder();
        foreach (var manifest in manifests)
        {
            records.Text(paths.Uri(manifest.Path));
            records.Long(manifest.Length);
            records.Long(manifest.SpecId);
            records.Long((int)manifest.Content);
            records.Long(manifest.SequenceNumber);
            records.Long(manifest.MinSequenceNumber);
            records.Long(manifest.SnapshotId);
            records.Long(manifest.Added.Files);
            records.Long(manifest.Existing.Files);
            records.Long(manifest.Deleted.Files);
            records.Long(manifest.Added.Rows);
            records.Long(manifest.Existing.Rows);
            records.Long(manifest.Deleted.Rows);
            records.Encoded(manifest.Partitions);
            records.Null(); // key_metadata
        }

        return AvroFile.Build(
            ManifestSchemas.File,
            [
                ("snapshot-id", Text(snapshotId)),
                ("parent-snapshot-id", parentId is { } parent ? Text(parent) : "null"),
                ("sequence-number", Text(sequenceNumber)),
                ("format-version", "2"),
            ],
            manifests.Count,
            records.Written);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

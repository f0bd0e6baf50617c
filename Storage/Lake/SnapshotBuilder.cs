using System.Globalization;
using System.Security.Cryptography;
using Rat.Storage.Lake.Avro;

namespace Rat.Storage.Lake;

/// <summary>Puts one snapshot together. The methods are called once each, in the order in which they stand.</summary>
internal sealed class SnapshotBuilder(
    LakePaths paths, StagingTarget target, LakeSchema schema, TableHistory history, DurableFileSet written, long now)
{
    // JavaScript readers keep integers up to 2^53 - 1.
    private const long LargestSnapshotId = (1L << 53) - 1;

    private readonly long _id = NewId(history);
    private readonly long _sequenceNumber = (target.Base?.SequenceNumber ?? 0) + 1;
    // Later than every snapshot before it, also when the clock was set back: `AT (TIMESTAMP)` and the snapshot-log need an order.
    private readonly long _committedAt = Math.Max(now, (target.Base?.CommittedAt ?? 0) + 1);
    private readonly string _metadataFolder = $"{target.Location}/metadata";
    private readonly Dictionary<string, LeafColumn> _leaves = LeafColumns.ByPath(schema);
    private readonly List<DataFile> _added = [];

    private IReadOnlyList<DataFile> _kept = [];
    private IReadOnlyList<DataFile> _removed = [];
    private ManifestPlan _plan = ManifestPlan.KeepNone;
    private Manifest? _manifest;
    private IReadOnlyList<Manifest> _manifests = [];
    private LakeSnapshot? _snapshot;

    /// <summary>The snapshot, once its manifest list is written.</summary>
    public LakeSnapshot Snapshot => _snapshot ?? throw new InvalidOperationException("the manifest list isn't written yet");

    private IReadOnlyList<DataFile> Files => [.. _kept, .. _added];

    /// <summary>A file of the snapshot. COPY writes one for zero rows, too: that one goes.</summary>
    public void Add(WrittenFile file)
    {
        var path = Path.Combine(target.DataFolder, file.FileName);
        if (file.RowCount == 0)
        {
            File.Delete(path);
            return;
        }

        written.Include(path);
        var statistics = new StoredStatistics(StatisticsMaps.Encode(FileStatistics.From(file, _leaves)));
        _added.Add(new DataFile($"{target.Location}/data/{file.FileName}", file.RowCount, file.SizeBytes, statistics)
        {
            SequenceNumber = _sequenceNumber,
            SnapshotId = _id,
        });
    }

    /// <summary>All files of the base stay.</summary>
    public void KeepFiles()
    {
        _kept = target.Base?.Files ?? [];
        // One that has only removed files says nothing about any later snapshot.
        var manifests = history.Manifests.Where(manifest => manifest.LiveFiles > 0).ToList();
        _plan = history.RootUri == paths.RootUri ? ManifestPlan.Append(manifests, _added.Count) : ManifestPlan.RewriteAll(manifests);
    }

    /// <summary>No file of the base stays.</summary>
    public void RemoveFiles(IReadOnlyList<DataFile> files) => _removed = files;

    public void WriteManifest()
    {
        var existing = ExistingFiles();
        if (existing.Count + _added.Count + _removed.Count == 0)
            return;

        var manifest = new ManifestEncoder(paths, _id);
        manifest.AddExisting(existing);
        manifest.AddAdded(_added);
        manifest.AddDeleted(_removed);
        var path = $"{_metadataFolder}/{target.AttemptId}-m0.avro";
        _manifest = new Manifest(
            path,
            written.Write(paths.Local(path), manifest.Build(schema)),
            _sequenceNumber,
            existing.Select(file => file.SequenceNumber).Append(_sequenceNumber).Min(),
            _id,
            FileCount.Of(_added),
            FileCount.Of(existing),
            FileCount.Of(_removed));
    }

    public void WriteManifestList()
    {
        var path = $"{_metadataFolder}/snap-{Text(_id)}-1-{target.AttemptId}.avro";
        var parent = target.Base?.SnapshotId;
        _manifests = _manifest is null ? _plan.Kept : [.. _plan.Kept, _manifest];
        written.Write(paths.Local(path), ManifestListEncoder.Build(paths, _id, parent, _sequenceNumber, _manifests));

        var files = Files;
        _snapshot = new LakeSnapshot(
            _sequenceNumber,
            _id,
            parent,
            schema.Id,
            _committedAt,
            path,
            SnapshotSummary.ToJson(target.RunId, _added, _removed, files),
            files.Sum(file => file.RowCount),
            files.Sum(file => file.SizeBytes));
    }

    /// <param name="obsoleteManifests">Manifests that only expired snapshots name.</param>
    public StagedCommit WriteMetadata(SnapshotRetention retention, IReadOnlyList<Manifest> obsoleteManifests)
    {
        var version = history.MetadataFiles is [.., var last] ? last.Version + 1 : 1;
        var path = $"{_metadataFolder}/{version.ToString("D5", CultureInfo.InvariantCulture)}-{target.AttemptId}.metadata.json";
        var state = new TableState(
            target.Name, target.TableId, target.Location, path, _id, schema, Files, Snapshot.RowCount, Snapshot.SizeBytes)
        {
            SequenceNumber = _sequenceNumber,
            LastColumnId = Math.Max(target.Base?.LastColumnId ?? 0, HighestId(schema)),
            LastSchemaId = Math.Max(target.Base?.LastSchemaId ?? 0, schema.Id),
            CommittedAt = _committedAt,
        };
        var file = new MetadataFile(version, path, _committedAt);
        var next = new TableHistory(
            paths.RootUri, retention.Kept, Schemas(retention.Kept), _manifests, [.. retention.KeptMetadata, file]);
        written.Write(paths.Local(path), TableMetadataJson.Build(paths, state, next));

        return new StagedCommit(
            state,
            target.Base,
            Snapshot,
            file,
            paths.RootUri,
            _added,
            RemovesFiles: _removed.Count > 0,
            _manifest,
            RewrittenFrom: _plan.Kept.Count == 0 ? 0 : _plan.Kept[^1].SequenceNumber + 1,
            OldestKept: retention.Kept[0].SequenceNumber,
            OldestMetadata: retention.KeptMetadata.Count == 0 ? version : retention.KeptMetadata[0].Version,
            Obsolete:
            [
                .. retention.Expired.Select(snapshot => snapshot.ManifestList),
                .. obsoleteManifests.Select(manifest => manifest.Path),
                .. retention.ExpiredMetadata.Select(expired => expired.Path),
            ],
            next);
    }

    // Live files of the manifests that aren't named again; the ranges of sequence numbers tell which.
    private List<DataFile> ExistingFiles()
    {
        if (_plan.Rewritten.Count == 0)
            return [];
        var from = _plan.Rewritten.Min(manifest => manifest.MinSequenceNumber);
        return [.. _kept.Where(file => file.SequenceNumber >= from)];
    }

    private IReadOnlyList<(int Id, string Json)> Schemas(IReadOnlyList<PastSnapshot> snapshots)
    {
        var used = snapshots.Select(snapshot => snapshot.SchemaId).ToHashSet();
        return
        [
            .. history.Schemas.Where(known => known.Id != schema.Id && used.Contains(known.Id)),
            (schema.Id, SchemaJson.ToText(schema)),
        ];
    }

    private static int HighestId(LakeSchema schema) => schema.Fields.Select(field => Math.Max(field.Id, HighestId(field.Type))).DefaultIfEmpty().Max();

    private static int HighestId(LakeType type) => type switch
    {
        StructType structure => structure.Fields.Select(field => Math.Max(field.Id, HighestId(field.Type))).DefaultIfEmpty().Max(),
        ListType list => Math.Max(list.ElementId, HighestId(list.Element)),
        MapType map => Math.Max(Math.Max(map.KeyId, HighestId(map.Key)), Math.Max(map.ValueId, HighestId(map.Value))),
        _ => 0,
    };

    private static long NewId(TableHistory history)
    {
        long id;
        do
            id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & LargestSnapshotId;
        while (id == 0 || history.Snapshots.Any(snapshot => snapshot.Id == id));
        return id;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Security.Cryptography;
using Rat.Storage.Lake.Avro;

namespace Rat.Storage.Lake;

/// <summary>Puts one snapshot together: first the files that it changes, then <see cref="Build"/>.</summary>
internal sealed class SnapshotBuilder(
    LakePaths paths, StagingTarget target, TableHistory history, DurableFileSet written, IDeleteFileWriter deleteFiles, long now)
{
    // JavaScript readers keep integers up to 2^53 - 1.
    private const long LargestSnapshotId = (1L << 53) - 1;

    // Positions of files: the snapshot that added them, then their order in it.
    private const int MostFilesBits = 20;

    private readonly long _id = NewId(history);
    private readonly long _sequenceNumber = (target.Base?.SequenceNumber ?? 0) + 1;
    // Later than every snapshot before it, also when the clock was set back: `AT (TIMESTAMP)` and the snapshot-log need an order.
    private readonly long _committedAt = Math.Max(now, (target.Base?.CommittedAt ?? 0) + 1);
    private readonly string _metadataFolder = $"{target.Location}/metadata";

    private IReadOnlyList<DataFile> BaseFiles => target.Base?.Files ?? [];

    /// <summary>The files of a change. What it says of files that the base doesn't have is a bug, and throws.</summary>
    public FileChange Files(TableChange change, PartitionSpec spec)
    {
        var leaves = LeafColumns.ByPath(change.Schema);
        var added = change.Added.Where(Exists).Select((file, index) => NewFile(file, index, leaves, spec)).ToList();
        var removed = change.Removed.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var deletes = new Dictionary<string, DeleteFile?>(StringComparer.Ordinal);
        foreach (var (of, file) in change.Deletes)
        {
            // A file without a row left is no part of the table.
            if (file.RowCount == of.RowCount)
                removed.Add(of.Path);
            deletes.Add(of.Path, Exists(file) && file.RowCount < of.RowCount ? NewDeletes(of, file) : null);
            if (file.RowCount == of.RowCount)
                File.Delete(Local(file));
        }

        var known = BaseFiles.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        if (!removed.IsSubsetOf(known) || !deletes.Keys.All(known.Contains) || change.Removed.Any(file => deletes.ContainsKey(file.Path)))
            throw new ArgumentException($"{target.Name}: the change is not one of the state that it is built on", nameof(change));
        AddMovedDeletes(deletes, removed);
        return FileChange.Of(BaseFiles, added, removed, deletes);
    }

    /// <summary>The files of an older snapshot: what isn't part of the table any more is added anew.</summary>
    public FileChange Back(TableState older)
    {
        var current = BaseFiles.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var wanted = older.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var added = older.Files.Where(file => !current.ContainsKey(file.Path)).Select(Again).ToList();
        var removed = current.Keys.Where(path => !wanted.Contains(path)).ToHashSet(StringComparer.Ordinal);
        var deletes = new Dictionary<string, DeleteFile?>(StringComparer.Ordinal);
        foreach (var file in older.Files)
        {
            if (current.TryGetValue(file.Path, out var now) && now.Deletes?.Path != file.Deletes?.Path)
                deletes.Add(file.Path, file.Deletes is { } back ? Again(file, back) : null);
        }

        AddMovedDeletes(deletes, removed);
        return FileChange.Of(BaseFiles, added, removed, deletes);
    }

    /// <summary>Writes what names the files.</summary>
    public StagedCommit Build(FileChange files, SnapshotContent content, Func<PastSnapshot, SnapshotRetention> retain, Func<long, IReadOnlyList<string>> obsolete)
    {
        var specs = target.Base?.Specs ?? [];
        if (specs.All(spec => spec.Id != content.Spec.Id))
            specs = [.. specs, content.Spec];
        var manifests = new SnapshotManifests(
            paths, target, history, written, _id, _sequenceNumber, specs, target.Base is null ? [content.Schema] : [content.Schema, target.Base.Schema]);
        manifests.Write(files);

        var snapshot = WriteManifestList(files, content, manifests.All);
        var retention = retain(SnapshotJson.ToPast(snapshot, paths));
        var version = history.MetadataFiles is [.., var last] ? last.Version + 1 : 1;
        var path = $"{_metadataFolder}/{version.ToString("D5", CultureInfo.InvariantCulture)}-{target.AttemptId}.metadata.json";
        var state = State(files, content, snapshot, path) with { Specs = specs };
        var file = new MetadataFile(version, path, _committedAt);
        var next = new TableHistory(
            paths.RootUri, retention.Kept, Schemas(content.Schema, retention.Kept), manifests.All, [.. retention.KeptMetadata, file]);
        written.Write(paths.Local(path), TableMetadataJson.Build(paths, state, next));

        return new StagedCommit(
            state,
            target.Base,
            snapshot,
            file,
            paths.RootUri,
            files,
            manifests.Added,
            manifests.Removed,
            OldestKept: retention.Kept[0].SequenceNumber,
            OldestMetadata: retention.KeptMetadata.Count == 0 ? version : retention.KeptMetadata[0].Version,
            ExpiredSnapshots: retention.Expired.Count,
            Obsolete:
            [
                .. retention.Expired.Select(expired => expired.ManifestList),
                .. retention.Expired.Count == 0 ? [] : obsolete(retention.Kept[0].SequenceNumber),
                .. retention.Kept.Count > 1 ? [] : manifests.Removed.Select(manifest => manifest.Path),
                .. retention.ExpiredMetadata.Select(expired => expired.Path),
            ],
            next)
        {
            AttemptId = target.AttemptId,
        };
    }

    private DataFile NewFile(WrittenFile file, int index, IReadOnlyDictionary<string, LeafColumn> leaves, PartitionSpec spec)
    {
        var partition = file.Partition ?? new PartitionTuple(spec.Id, []);
        if (partition.SpecId != spec.Id || partition.Values.Count != spec.Fields.Count)
            throw new ArgumentException($"{target.Name}: {file.FileName} has no tuple of the spec that the table is written under", nameof(file));
        written.Include(Local(file), target.DataFolder);
        var statistics = new StoredStatistics(StatisticsMaps.Encode(FileStatistics.From(file, leaves)));
        return new DataFile($"{target.Location}/data/{file.FileName}", file.RowCount, file.SizeBytes, statistics)
        {
            SequenceNumber = _sequenceNumber,
            SnapshotId = _id,
            Since = _sequenceNumber,
            Position = file.Position ?? (_sequenceNumber << MostFilesBits) + index,
            Partition = partition,
        };
    }

    private DeleteFile NewDeletes(DataFile of, WrittenFile file)
    {
        written.Include(Local(file), target.DataFolder);
        return PositionDeletes.From(file, $"{target.Location}/data/{file.FileName}", paths.Uri(of.Path), paths.RootUri) with
        {
            SequenceNumber = _sequenceNumber,
            SnapshotId = _id,
            Since = _sequenceNumber,
        };
    }

    private DataFile Again(DataFile file) => file with
    {
        SequenceNumber = _sequenceNumber,
        SnapshotId = _id,
        Deletes = file.Deletes is { } deletes ? Again(file, deletes) : null,
    };

    private DeleteFile Again(DataFile of, DeleteFile deletes) => deletes.RootUri == paths.RootUri
        ? deletes with { SequenceNumber = _sequenceNumber, SnapshotId = _id }
        : NewDeletes(of, deleteFiles.Rewrite(target, paths.Local(deletes.Path), paths.Uri(of.Path)));

    // After a move other readers wouldn't find the data files by the names that deletes have for them, and would show deleted rows.
    private void AddMovedDeletes(Dictionary<string, DeleteFile?> deletes, HashSet<string> removed)
    {
        foreach (var file in BaseFiles)
        {
            if (file.Deletes is { } old && old.RootUri != paths.RootUri && !removed.Contains(file.Path) && !deletes.ContainsKey(file.Path))
                deletes.Add(file.Path, NewDeletes(file, deleteFiles.Rewrite(target, paths.Local(old.Path), paths.Uri(file.Path))));
        }
    }

    private LakeSnapshot WriteManifestList(FileChange files, SnapshotContent content, IReadOnlyList<Manifest> manifests)
    {
        var path = $"{_metadataFolder}/snap-{Text(_id)}-1-{target.AttemptId}.avro";
        var parent = target.Base?.SnapshotId;
        written.Write(paths.Local(path), ManifestListEncoder.Build(paths, _id, parent, _sequenceNumber, manifests));
        return new LakeSnapshot(
            _sequenceNumber,
            _id,
            parent,
            content.Schema.Id,
            content.Spec.Id,
            _committedAt,
            path,
            SnapshotSummary.ToJson(files, content),
            files.All.Sum(file => file.LiveRows),
            files.All.Sum(file => file.SizeBytes + (file.Deletes?.SizeBytes ?? 0)));
    }

    private TableState State(FileChange files, SnapshotContent content, LakeSnapshot snapshot, string metadataPath) => new(
        target.Name, target.TableId, target.Location, metadataPath, _id, content.Schema, files.All, snapshot.RowCount, snapshot.SizeBytes)
    {
        SequenceNumber = _sequenceNumber,
        LastColumnId = Math.Max(target.Base?.LastColumnId ?? 0, HighestId(content.Schema)),
        LastSchemaId = Math.Max(target.Base?.LastSchemaId ?? 0, content.Schema.Id),
        Spec = content.Spec,
        CommittedAt = _committedAt,
    };

    private IReadOnlyList<(int Id, string Json)> Schemas(LakeSchema schema, IReadOnlyList<PastSnapshot> snapshots)
    {
        var used = snapshots.Select(snapshot => snapshot.SchemaId).ToHashSet();
        return
        [
            .. history.Schemas.Where(known => known.Id != schema.Id && used.Contains(known.Id)),
            (schema.Id, SchemaJson.ToText(schema)),
        ];
    }

    // COPY writes a file for zero rows, too: that one goes.
    private bool Exists(WrittenFile file)
    {
        if (file.RowCount == 0)
            File.Delete(Local(file));
        return file.RowCount > 0;
    }

    private string Local(WrittenFile file) => Path.Combine(target.DataFolder, file.FileName);

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

/// <summary>What a snapshot says beside its files.</summary>
/// <param name="RunId">Null when no run has made it.</param>
/// <param name="Operation">Null for what the files say.</param>
internal sealed record SnapshotContent(
    LakeSchema Schema, PartitionSpec Spec, Guid? RunId, string? Operation, IReadOnlyList<(string Key, string Value)> Notes);

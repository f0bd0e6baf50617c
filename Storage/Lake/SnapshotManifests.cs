using System.Globalization;
using Rat.Storage.Lake.Avro;

namespace Rat.Storage.Lake;

/// <summary>Writes the manifests of a new snapshot: for each content and each spec, those that name what has changed.</summary>
/// <param name="schemas">The table's from now on, then its base's: a spec that is no longer used may need a column that is gone.</param>
internal sealed class SnapshotManifests(
    LakePaths paths, StagingTarget target, TableHistory history, DurableFileSet written, long snapshotId, long sequenceNumber,
    IReadOnlyList<PartitionSpec> specs, LakeSchema[] schemas)
{
    private readonly List<Manifest> _kept = [];
    private readonly List<Manifest> _added = [];

    /// <summary>Manifests that the snapshot has written.</summary>
    public IReadOnlyList<Manifest> Added => _added;

    /// <summary>All manifests of the snapshot, data first, oldest first.</summary>
    public IReadOnlyList<Manifest> All => [.. _kept.Concat(_added).OrderBy(manifest => manifest.Content).ThenBy(manifest => manifest.MaxSequenceNumber)];

    /// <summary>Of the base; the snapshot doesn't name them any more.</summary>
    public IReadOnlyList<Manifest> Removed => [.. history.Manifests.Except(_kept)];

    public void Write(FileChange change)
    {
        WriteContent(
            ManifestContent.Data,
            [.. change.All.Where(file => file.SequenceNumber < sequenceNumber).Select(ListedFile.Of)],
            [.. change.Added.Select(ListedFile.Of)],
            [.. change.Removed.Select(ListedFile.Of)]);
        WriteContent(
            ManifestContent.Deletes,
            [.. FileDeletes.Of(change.All).Where(deletes => deletes.File.SequenceNumber < sequenceNumber).Select(ListedFile.Of)],
            [.. change.AddedDeletes.Select(ListedFile.Of)],
            [.. change.RemovedDeletes.Select(ListedFile.Of)]);
    }

    private void WriteContent(ManifestContent content, List<ListedFile> stay, List<ListedFile> added, List<ListedFile> removed)
    {
        foreach (var spec in specs)
        {
            List<ListedFile> OfSpec(List<ListedFile> files) => specs.Count == 1 ? files : files.FindAll(file => file.Partition.SpecId == spec.Id);
            // One that has only removed files says nothing about any later snapshot.
            var manifests = history.Manifests
                .Where(manifest => manifest.Content == content && manifest.SpecId == spec.Id && manifest.LiveFiles > 0)
                .OrderBy(manifest => manifest.MaxSequenceNumber)
                .ToList();
            WriteSpec(content, spec, manifests, OfSpec(stay), OfSpec(added), OfSpec(removed));
        }
    }

    private void WriteSpec(
        ManifestContent content, PartitionSpec spec, IReadOnlyList<Manifest> manifests, List<ListedFile> stay, List<ListedFile> added, List<ListedFile> removed)
    {
        var plan = history.RootUri == paths.RootUri
            ? ManifestPlan.Of(manifests, added.Count, removed.Select(file => file.SequenceNumber).ToHashSet())
            : ManifestPlan.RewriteAll(manifests);
        _kept.AddRange(plan.Kept);
        foreach (var (index, run) in plan.Rewritten.Index())
        {
            bool InRun(ListedFile file) => run.Any(manifest => manifest.Covers(file.SequenceNumber));
            var takesAdded = plan.AddsToLast && index == plan.Rewritten.Count - 1;
            WriteManifest(content, spec, stay.FindAll(InRun), takesAdded ? added : [], removed.FindAll(InRun));
        }

        if (!plan.AddsToLast && added.Count > 0)
            WriteManifest(content, spec, [], added, []);
    }

    private void WriteManifest(
        ManifestContent content, PartitionSpec spec, List<ListedFile> existing, List<ListedFile> added, List<ListedFile> removed)
    {
        // A schema without the spec's columns would leave its tuples without types.
        var schema = schemas.FirstOrDefault(schema => spec.Fields.All(field => PartitionSpecs.ResultType(field, schema) is not null)) ?? schemas[0];
        var partition = new AvroPartition(spec, [schema, .. schemas]);
        var manifest = new ManifestEncoder(paths, snapshotId, content, spec, schema, partition);
        manifest.AddExisting(existing);
        manifest.AddAdded(added);
        manifest.AddDeleted(removed);
        var path = $"{target.Location}/metadata/{target.AttemptId}-m{_added.Count.ToString(CultureInfo.InvariantCulture)}.avro";
        var live = existing.Select(file => file.SequenceNumber).Concat(added.Count > 0 || existing.Count == 0 ? [sequenceNumber] : []).ToList();
        _added.Add(new Manifest(
            path,
            written.Write(paths.Local(path), manifest.Build()),
            content,
            spec.Id,
            sequenceNumber,
            live.Min(),
            live.Max(),
            snapshotId,
            FileCount.Of(added),
            FileCount.Of(existing),
            FileCount.Of(removed),
            partition.Summarize(existing.Concat(added).Concat(removed).Select(file => file.Partition))));
    }
}

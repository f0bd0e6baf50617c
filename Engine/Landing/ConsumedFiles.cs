using Rat.Engine.Duck.Gate;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Landing;

/// <summary>What a run takes out of its landing zones for good.</summary>
/// <param name="Zones">Folders <c>{ns}/landing/{zone}/</c> of the zones that the pipeline names, in order, also those without a file.</param>
/// <param name="Files">Uploads of these zones that the run has read: what came after it had looked, or what it passed over, stays.</param>
internal sealed record ConsumedFiles(IReadOnlyList<string> Zones, IReadOnlyList<ConsumedFile> Files)
{
    private const string Archive = "_processed/";
    private const string Samples = "_samples/";

    /// <param name="zones">Names of zones in the pipeline's namespace.</param>
    /// <param name="read">Landing files that the run's statement was given.</param>
    public static ConsumedFiles Of(Guid runId, TableName pipeline, IEnumerable<string> zones, IReadOnlyList<LandingMatch> read)
    {
        var folders = zones.Distinct().Select(zone => LandingZoneRow.FolderOf(pipeline.Namespace, zone)).ToList();
        var files =
            from folder in folders
            from file in read
            where file.Key.StartsWith(folder, StringComparison.Ordinal)
            let name = file.Key[folder.Length..]
            where !name.StartsWith(Archive, StringComparison.Ordinal) && !name.StartsWith(Samples, StringComparison.Ordinal)
            select new ConsumedFile(file.Version.VersionId, $"{folder}{Archive}{runId}/{name}");
        return new ConsumedFiles(folders, [.. files]);
    }
}

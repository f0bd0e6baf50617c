using Rat.Engine.Duck.Gate;
using Rat.Engine.Landing;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Previews;

/// <summary>
/// Landing zones as a preview sees them (engine.md 2.10): the samples of a zone if it has any, else all of its files; or exactly the files that
/// were named. A template gets an ordinary address, so that it can append to it; which files that stands for is decided here.
/// </summary>
internal sealed class PreviewLanding(
    LandingLookup landing, MetadataDatabase database, UserFiles files, EngineSettings settings, string ns, PreviewOrder order, PreviewReport report)
    : ILandingLookup
{
    private const string Samples = "_samples/";

    private readonly HashSet<string> _narrowed = new(StringComparer.Ordinal);

    /// <summary>What <c>landing_zone('…')</c> gives.</summary>
    public string AddressOf(string zone)
    {
        var folder = LandingZoneRow.FolderOf(ns, zone);
        var address = $"s3://{settings.Bucket}/{folder}";
        if (order.SampleFiles.Count > 0)
        {
            _narrowed.Add(folder);
            return $"{address}**";
        }

        if (database.Read(connection => FileStore.List(connection, folder + Samples)).Count > 0)
            return $"{address}{Samples}**";
        var warning = $"No sample files for landing zone '{zone}' (looked in {folder}{Samples}), using all files";
        if (!report.Warnings.Contains(warning))
            report.Warn(warning);
        return $"{address}**";
    }

    public IReadOnlyList<LandingMatch> Match(string keyPattern)
    {
        if (_narrowed.FirstOrDefault(folder => keyPattern.StartsWith(folder, StringComparison.Ordinal)) is not { } zone)
            return landing.Match(keyPattern);
        var pattern = new LandingPattern(keyPattern);
        return [.. from key in order.SampleFiles.Distinct(StringComparer.Ordinal)
                   where key.StartsWith(zone, StringComparison.Ordinal) && pattern.Matches(WithoutFolder(key, zone))
                   orderby key
                   let version = database.Read(connection => FileStore.FindHead(connection, key))
                   where version is not null
                   select new LandingMatch(version, files.LocalPath(version))];
    }

    /// <summary>Warns of the named files that no zone of the template holds, and of those that don't exist.</summary>
    public void WarnOfIgnored()
    {
        foreach (var key in order.SampleFiles)
        {
            if (!_narrowed.Any(folder => key.StartsWith(folder, StringComparison.Ordinal)))
                report.Warn($"Sample file '{key}' ignored: it is in no landing zone that the pipeline reads");
            else if (database.Read(connection => FileStore.FindHead(connection, key)) is null)
                report.Warn($"Sample file '{key}' not found");
        }
    }

    // Patterns don't match a zone's own folders, but what was named is meant.
    private static string WithoutFolder(string key, string zone) => key[zone.Length..].Split('/') switch
    {
        ["_samples", .. var rest] => zone + string.Join('/', rest),
        ["_processed", _, .. { Length: > 0 } rest] => zone + string.Join('/', rest),
        _ => key,
    };
}

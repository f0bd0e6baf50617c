using Rat.Engine.Duck.Gate;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Landing;

/// <summary>Landing files by pattern. What a run has consumed is never found again, whether it was moved away yet or not.</summary>
internal sealed class LandingLookup(MetadataDatabase database, UserFiles files) : ILandingLookup
{
    public IReadOnlyList<LandingMatch> Match(string keyPattern)
    {
        var pattern = new LandingPattern(keyPattern);
        var candidates = database.Read(connection => FileStore.Unconsumed(connection, pattern.Prefix)).Where(file => ObjectKey.IsLanding(file.Key)).ToList();
        var matches = candidates.Where(file => pattern.Matches(file.Key)).ToList();
        // A name such as report[1].csv is a pattern too, though not one that it matches itself.
        if (matches.Count == 0)
            matches = [.. candidates.Where(file => file.Key == keyPattern)];
        return [.. matches.Select(file => new LandingMatch(file, files.LocalPath(file)))];
    }
}

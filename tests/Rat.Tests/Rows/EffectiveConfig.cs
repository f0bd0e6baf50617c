using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>What a run's log tells of its configuration.</summary>
internal static class EffectiveConfig
{
    private const string Heading = "Effective config:\n";

    /// <summary>Every setting by its key, as the run has used it.</summary>
    public static Dictionary<string, string> Of(EndedRun run)
    {
        var text = Assert.Single(run.At("debug"), message => message.StartsWith(Heading, StringComparison.Ordinal))[Heading.Length..];
        return text.Split('\n').Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim());
    }

    /// <summary>The line that says where it came from; null when there was none.</summary>
    public static string? OriginOf(EndedRun run) => run.At("info").SingleOrDefault(message =>
        message.StartsWith("Loaded config", StringComparison.Ordinal) || message.StartsWith("Merged config", StringComparison.Ordinal));
}

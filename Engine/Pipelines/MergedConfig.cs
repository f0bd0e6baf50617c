using Rat.Storage;

namespace Rat.Engine.Pipelines;

/// <summary>One configuration out of a config.yaml and the annotations of the source, each of which overrides the file.</summary>
internal static class MergedConfig
{
    /// <summary>
    /// Null if there is neither file nor annotation. An unknown merge strategy and a count that is none are failures; an unknown annotation is
    /// a warning.
    /// </summary>
    public static Outcome<PipelineConfig?> Merge(ConfigFileContent? file, IReadOnlyDictionary<string, string> annotations)
    {
        if (annotations.Count == 0)
            return file?.Config;
        var config = file?.Config ?? new PipelineConfig();
        var custom = new SortedDictionary<string, string>(config.Custom.ToDictionary(), StringComparer.Ordinal);
        var warnings = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in annotations)
        {
            var applied = Apply(config, key, value);
            if (!applied.Succeeded)
                return applied.Failure;
            if (applied.Value is not null)
            {
                config = applied.Value;
            }
            else if (key == "partition_by")
            {
                warnings.Add("annotation @partition_by ignored: it is read from config.yaml only");
            }
            else
            {
                warnings.Add($"unknown annotation @{key} ignored");
                custom[key] = value;
            }
        }

        return config with { Custom = custom, Warnings = [.. config.Warnings, .. warnings] };
    }

    /// <summary>The settings with one more; a null value for a key that is unknown.</summary>
    private static Outcome<PipelineConfig?> Apply(PipelineConfig config, string key, string value) => key switch
    {
        "description" => config with { Description = value },
        "materialized" => config with { Materialized = value },
        "merge_strategy" => MergeStrategyNames.Parse(value) is { } strategy
            ? config with { Strategy = strategy }
            : Failure.Invalid($"annotation @merge_strategy: {MergeStrategyNames.Invalid(value)}"),
        "unique_key" => ConfigFile.ParseNames(value) is { Count: > 0 } names ? config with { UniqueKey = names } : config,
        "watermark_column" => config with { WatermarkColumn = value },
        "partition_column" => config with { PartitionColumn = value },
        "scd_valid_from" => config with { ScdValidFrom = value },
        "scd_valid_to" => config with { ScdValidTo = value },
        "archive_landing_zones" => config with { ArchiveLandingZones = value.Equals("true", StringComparison.OrdinalIgnoreCase) },
        "max_retries" => ConfigFile.ParseCount(value) is { } count ? config with { MaxRetries = count } : NoCount(key, value),
        "retry_delay_seconds" => ConfigFile.ParseCount(value) is { } count ? config with { RetryDelaySeconds = count } : NoCount(key, value),
        _ => (PipelineConfig?)null,
    };

    private static Failure NoCount(string key, string value) =>
        Failure.Invalid($"annotation @{key} must be an integer of 0 or more, got '{value}'");
}

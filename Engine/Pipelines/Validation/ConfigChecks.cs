using Rat.Engine.Pipelines.Templates;

namespace Rat.Engine.Pipelines.Validation;

/// <summary>Checks of a pipeline's settings: what a run would refuse is an error, what it would pass over is a warning.</summary>
internal static class ConfigChecks
{
    /// <summary>What a config.yaml says, or null when it is wrong.</summary>
    public static ConfigFileContent? CheckFile(string yaml, FileReport report)
    {
        var parsed = ConfigFile.Parse(yaml);
        if (!parsed.Succeeded)
        {
            report.Error(parsed.Failure.Message);
            return null;
        }

        foreach (var warning in parsed.Value.Config.Warnings)
            report.Warn(warning);
        return parsed.Value;
    }

    /// <summary>The annotations of a source, and what they and the file come to.</summary>
    /// <param name="template">Null for what is no template: then it isn't known what it uses.</param>
    public static void CheckSource(string source, ConfigFileContent? file, TemplateSurvey? template, FileReport report)
    {
        var merged = MergedConfig.Merge(file, SourceAnnotations.Parse(source));
        if (!merged.Succeeded)
        {
            report.Error(merged.Failure.Message);
            return;
        }

        var config = merged.Value ?? new PipelineConfig();
        foreach (var warning in config.Warnings.Except(file?.Config.Warnings ?? []))
            report.Warn(warning);
        if (MissingKey(config) is { } key)
            report.Warn($"merge_strategy {config.Strategy.ToText()} needs {key}: without it every run is a full_refresh");
        if (template is not null)
            CheckWatermark(config, template, report);
    }

    private static string? MissingKey(PipelineConfig config) => config switch
    {
        { Strategy: MergeStrategy.Incremental or MergeStrategy.DeleteInsert or MergeStrategy.Scd2, UniqueKey.Count: 0 } => "unique_key",
        { Strategy: MergeStrategy.Snapshot, PartitionColumn: null or "" } => "partition_column",
        _ => null,
    };

    private static void CheckWatermark(PipelineConfig config, TemplateSurvey template, FileReport report)
    {
        // delete_insert has a watermark too, although is_incremental() is false for it.
        var asked = config.Strategy == MergeStrategy.DeleteInsert ? "watermark_value" : "is_incremental";
        if (config.WatermarkColumn is { Length: > 0 } column && !template.Reads(asked))
            report.Warn($"watermark_column {column} is set, but {asked} is never used: every run reads everything");
        if (template.Reads("is_incremental") && !template.Reads("watermark_value"))
            report.Warn("is_incremental is used without watermark_value: a run doesn't filter by what the table has already");
    }
}

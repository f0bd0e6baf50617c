namespace Rat.Engine.Pipelines;

/// <summary>A configuration as the log of a run shows it, so that nobody has to guess what two sources and the defaults came to.</summary>
internal static class PipelineConfigText
{
    /// <summary>One line per setting, <c>key: value</c>; a list's items with commas, nothing for what isn't set.</summary>
    public static string Of(PipelineConfig config) => $"""
        description: {config.Description.ReplaceLineEndings(" ")}
        materialized: {config.Materialized}
        merge_strategy: {config.Strategy.ToText()}
        unique_key: {string.Join(", ", config.UniqueKey)}
        watermark_column: {config.WatermarkColumn}
        partition_column: {config.PartitionColumn}
        partition_by: {string.Join(", ", config.PartitionBy.Select(Text))}
        scd_valid_from: {config.ScdValidFrom}
        scd_valid_to: {config.ScdValidTo}
        archive_landing_zones: {(config.ArchiveLandingZones ? "true" : "false")}
        max_retries: {config.MaxRetries}
        retry_delay_seconds: {config.RetryDelaySeconds}
        """;

    private static string Text(PartitionField field) => $"{field.Column} {field.Transform switch
    {
        PartitionTransform.Year => "year",
        PartitionTransform.Month => "month",
        PartitionTransform.Day => "day",
        PartitionTransform.Hour => "hour",
        _ => "identity",
    }}";
}

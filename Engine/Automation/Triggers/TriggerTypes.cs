namespace Rat.Engine.Automation.Triggers;

/// <summary>The six types of triggers, by their words in the contract and in the database.</summary>
internal static class TriggerTypes
{
    public const string Upload = "landing_zone_upload";
    public const string FilePattern = "file_pattern";
    public const string Cron = "cron";
    public const string CronDependency = "cron_dependency";
    public const string PipelineSuccess = "pipeline_success";
    public const string Webhook = "webhook";

    public static readonly string[] All = [Upload, Cron, PipelineSuccess, Webhook, FilePattern, CronDependency];

    /// <summary>Those that are due at times.</summary>
    public static readonly string[] WithClock = [Cron, CronDependency];
}

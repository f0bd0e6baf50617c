using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Storage;

namespace Rat.Engine.Retention;

/// <summary>Any subset of the retention settings (schema <c>RetentionOverrides</c>); null: not set.</summary>
internal sealed record RetentionOverrides
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RunsMaxPerPipeline { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? RunsMaxAgeDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? LogsMaxAgeDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? QualityResultsMaxPerTest { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SoftDeletePurgeDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StuckRunTimeoutMinutes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AuditLogMaxAgeDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? NessieOrphanBranchMaxAgeHours { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ReaperIntervalMinutes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? IcebergSnapshotMaxAgeDays { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? IcebergOrphanFileMaxAgeDays { get; init; }

    [JsonIgnore]
    public bool IsEmpty => this == new RetentionOverrides();

    public static RetentionOverrides Parse(string? json) =>
        json is null ? new RetentionOverrides() : JsonSerializer.Deserialize(json, RetentionOverridesJson.Default.RetentionOverrides)!;

    public string ToJson() => JsonSerializer.Serialize(this, RetentionOverridesJson.Default.RetentionOverrides);

    /// <summary>These, and where nothing is set, those.</summary>
    public RetentionOverrides Over(RetentionOverrides under) => new()
    {
        RunsMaxPerPipeline = RunsMaxPerPipeline ?? under.RunsMaxPerPipeline,
        RunsMaxAgeDays = RunsMaxAgeDays ?? under.RunsMaxAgeDays,
        LogsMaxAgeDays = LogsMaxAgeDays ?? under.LogsMaxAgeDays,
        QualityResultsMaxPerTest = QualityResultsMaxPerTest ?? under.QualityResultsMaxPerTest,
        SoftDeletePurgeDays = SoftDeletePurgeDays ?? under.SoftDeletePurgeDays,
        StuckRunTimeoutMinutes = StuckRunTimeoutMinutes ?? under.StuckRunTimeoutMinutes,
        AuditLogMaxAgeDays = AuditLogMaxAgeDays ?? under.AuditLogMaxAgeDays,
        NessieOrphanBranchMaxAgeHours = NessieOrphanBranchMaxAgeHours ?? under.NessieOrphanBranchMaxAgeHours,
        ReaperIntervalMinutes = ReaperIntervalMinutes ?? under.ReaperIntervalMinutes,
        IcebergSnapshotMaxAgeDays = IcebergSnapshotMaxAgeDays ?? under.IcebergSnapshotMaxAgeDays,
        IcebergOrphanFileMaxAgeDays = IcebergOrphanFileMaxAgeDays ?? under.IcebergOrphanFileMaxAgeDays,
    };

    /// <summary>Null when every value is in its range.</summary>
    public Failure? Check() =>
        AtLeast(RunsMaxPerPipeline, 1, "runs_max_per_pipeline")
        ?? AtLeast(RunsMaxAgeDays, 0, "runs_max_age_days")
        ?? AtLeast(LogsMaxAgeDays, 0, "logs_max_age_days")
        ?? AtLeast(QualityResultsMaxPerTest, 0, "quality_results_max_per_test")
        ?? AtLeast(SoftDeletePurgeDays, 0, "soft_delete_purge_days")
        ?? AtLeast(StuckRunTimeoutMinutes, 1, "stuck_run_timeout_minutes")
        ?? AtLeast(AuditLogMaxAgeDays, 0, "audit_log_max_age_days")
        ?? AtLeast(NessieOrphanBranchMaxAgeHours, 0, "nessie_orphan_branch_max_age_hours")
        ?? AtLeast(ReaperIntervalMinutes, 1, "reaper_interval_minutes")
        ?? AtLeast(IcebergSnapshotMaxAgeDays, 0, "iceberg_snapshot_max_age_days")
        ?? AtLeast(IcebergOrphanFileMaxAgeDays, 0, "iceberg_orphan_file_max_age_days");

    private static Failure? AtLeast(int? value, int least, string name) => value < least ? Failure.Invalid($"{name} must be at least {least}") : null;
}

/// <summary>The JSON of the settings in the database.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RetentionOverrides))]
internal sealed partial class RetentionOverridesJson : JsonSerializerContext;

namespace Rat.Engine.Retention;

/// <summary>How long what is kept (schema <c>RetentionConfig</c>). Where 0 is allowed for an age or a number, it means no limit; of the lake it means at once.</summary>
internal sealed record RetentionConfig(
    int RunsMaxPerPipeline,
    int RunsMaxAgeDays,
    int LogsMaxAgeDays,
    int QualityResultsMaxPerTest,
    int SoftDeletePurgeDays,
    int StuckRunTimeoutMinutes,
    int AuditLogMaxAgeDays,
    int NessieOrphanBranchMaxAgeHours,
    int ReaperIntervalMinutes,
    int IcebergSnapshotMaxAgeDays,
    int IcebergOrphanFileMaxAgeDays)
{
    public static RetentionConfig Default { get; } = new(
        RunsMaxPerPipeline: 100, RunsMaxAgeDays: 90, LogsMaxAgeDays: 30, QualityResultsMaxPerTest: 100, SoftDeletePurgeDays: 30,
        StuckRunTimeoutMinutes: 120, AuditLogMaxAgeDays: 365, NessieOrphanBranchMaxAgeHours: 6, ReaperIntervalMinutes: 60,
        IcebergSnapshotMaxAgeDays: 7, IcebergOrphanFileMaxAgeDays: 3);

    /// <summary>These settings where nothing else is set.</summary>
    public RetentionConfig With(RetentionOverrides overrides) => new(
        overrides.RunsMaxPerPipeline ?? RunsMaxPerPipeline,
        overrides.RunsMaxAgeDays ?? RunsMaxAgeDays,
        overrides.LogsMaxAgeDays ?? LogsMaxAgeDays,
        overrides.QualityResultsMaxPerTest ?? QualityResultsMaxPerTest,
        overrides.SoftDeletePurgeDays ?? SoftDeletePurgeDays,
        overrides.StuckRunTimeoutMinutes ?? StuckRunTimeoutMinutes,
        overrides.AuditLogMaxAgeDays ?? AuditLogMaxAgeDays,
        overrides.NessieOrphanBranchMaxAgeHours ?? NessieOrphanBranchMaxAgeHours,
        overrides.ReaperIntervalMinutes ?? ReaperIntervalMinutes,
        overrides.IcebergSnapshotMaxAgeDays ?? IcebergSnapshotMaxAgeDays,
        overrides.IcebergOrphanFileMaxAgeDays ?? IcebergOrphanFileMaxAgeDays);
}

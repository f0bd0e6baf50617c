namespace Rat.Storage.Metadata;

/// <summary>A trigger of a live pipeline. Times in microseconds since the epoch.</summary>
/// <param name="Config">JSON object as the API shows it.</param>
/// <param name="Subject">Whose events it waits for: a zone, a pipeline, the hash of a token; null for those that wait for a time.</param>
internal sealed record TriggerRow(
    Guid Id,
    Guid PipelineId,
    TableName Pipeline,
    string Type,
    string Config,
    string? Subject,
    bool Enabled,
    int CooldownSeconds,
    long? LastTriggeredAt,
    Guid? LastRunId,
    long CountedFrom,
    long? NextDueAt,
    long CreatedAt,
    long UpdatedAt);

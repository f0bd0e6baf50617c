namespace Rat.Storage.Metadata;

/// <summary>A pipeline. Times in microseconds since the epoch.</summary>
/// <param name="PublishedVersions">Key → version id of every file that was published; empty when none ever was.</param>
/// <param name="RetentionConfig">JSON object of overrides, or null.</param>
internal sealed record PipelineRow(
    Guid Id,
    TableName Name,
    string Type,
    string Description,
    string? Owner,
    long? PublishedAt,
    IReadOnlyDictionary<string, string> PublishedVersions,
    bool DraftDirty,
    int MaxVersions,
    string? RetentionConfig,
    long CreatedAt,
    long UpdatedAt,
    LastRunRow? LastRun)
{
    /// <summary>The folder of its files: <c>{ns}/pipelines/{layer}/{name}/</c>.</summary>
    public string Folder => FolderOf(Name);

    public static string FolderOf(TableName name) => $"{name.Namespace}/pipelines/{name.Layer}/{name.Name}/";
}

/// <summary>The newest run of a pipeline.</summary>
internal sealed record LastRunRow(Guid RunId, string Status, long? FinishedAt);

/// <summary>Which pipelines a list shows. Null means no filter.</summary>
internal sealed record PipelineFilter(
    string? Namespace, string? Layer, string? Search, string Sort, bool Descending, int Limit, int Offset);

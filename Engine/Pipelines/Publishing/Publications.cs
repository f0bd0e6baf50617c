using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines.Validation;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Pipelines.Publishing;

/// <summary>What came of publishing a draft.</summary>
/// <param name="Version">Null when the draft has errors: nothing has changed then.</param>
internal sealed record PublishedDraft(PipelineVersionRow? Version, PipelineValidation Validation);

/// <summary>
/// Publishes drafts and goes back to earlier publications. A publication pins one version of each file of the pipeline's folder, and changes
/// as a whole: a run sees the one before or the one after.
/// </summary>
internal sealed class Publications(MetadataDatabase database, UserFiles files, PipelineValidator validator, TimeProvider time) : IDisposable
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = PipelineVersionStore.Listed | PipelineStore.Listed;

    private const int DefaultMaxVersions = 50;

    private static readonly Failure NoSuchPipeline = Failure.NotFound("pipeline not found");
    private static readonly Failure NoSuchVersion = Failure.NotFound("version not found");

    // One at a time: two pipelines that refer to each other and are published at once would each be checked against the other's earlier state.
    private readonly SemaphoreSlim _publishing = new(1);

    /// <summary>Validates the draft, and publishes exactly what was validated.</summary>
    public async Task<Outcome<PublishedDraft>> PublishAsync(TableName name, string message)
    {
        await _publishing.WaitAsync();
        try
        {
            var draft = Read(name);
            if (!draft.Succeeded)
                return draft.Failure;
            var (pipeline, pinned, validation) = draft.Value;
            if (!validation.IsValid)
                return new PublishedDraft(null, validation);
            var published = await StoreAsync(pipeline.Id, connection =>
                // What was written since then is not part of it.
                (pinned, message, IsDirty: !IsSame(pinned, Heads(connection, pipeline.Folder))));
            return published.Succeeded ? new PublishedDraft(published.Value, validation) : published.Failure;
        }
        finally
        {
            _publishing.Release();
        }
    }

    /// <summary>Pins the files of an earlier version again, as a new version. The draft stays as it is.</summary>
    /// <param name="message">Null takes a message that names the version.</param>
    public async Task<Outcome<PipelineVersionRow>> RollBackAsync(TableName name, long number, string? message)
    {
        var found = Find(name, number);
        return found.Succeeded
            ? await StoreAsync(found.Value.PipelineId, connection =>
                PipelineVersionStore.Find(connection, found.Value.PipelineId, number) is { } target
                    ? (target.Files, message ?? $"Rollback to v{number}", IsDirty: false)
                    : NoSuchVersion)
            : found.Failure;
    }

    /// <summary>The versions of a pipeline, newest first.</summary>
    public Outcome<IReadOnlyList<PipelineVersionRow>> List(TableName name) => database.Read<Outcome<IReadOnlyList<PipelineVersionRow>>>(connection =>
        PipelineStore.Find(connection, name) is { } pipeline ? PipelineVersionStore.List(connection, pipeline.Id).ToList() : NoSuchPipeline);

    /// <summary>One version of a pipeline.</summary>
    public Outcome<PipelineVersionRow> Find(TableName name, long number) => database.Read<Outcome<PipelineVersionRow>>(connection =>
        PipelineStore.Find(connection, name) switch
        {
            null => NoSuchPipeline,
            var pipeline => PipelineVersionStore.Find(connection, pipeline.Id, number) is { } version ? version : NoSuchVersion,
        });

    public void Dispose() => _publishing.Dispose();

    private Outcome<(PipelineRow Pipeline, IReadOnlyDictionary<string, string> Files, PipelineValidation Validation)> Read(TableName name)
    {
        using var snapshot = database.OpenSnapshot();
        return PipelineStore.Find(snapshot.Connection, name) is { } pipeline
            ? (pipeline, Heads(snapshot.Connection, pipeline.Folder), validator.Validate(snapshot.Connection, pipeline))
            : NoSuchPipeline;
    }

    /// <summary>
    /// 1. A new version, the published state of the pipeline, and the end of versions past the limit are one transaction. 2. What only the
    /// ended versions have pinned is removed; a process that dies before leaves it to the sweep at the next start.
    /// </summary>
    private async Task<Outcome<PipelineVersionRow>> StoreAsync(
        Guid pipelineId, Func<SqliteConnection, Outcome<(IReadOnlyDictionary<string, string> Files, string Message, bool IsDirty)>> choose)
    {
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());

        // 1.
        var stored = await database.WriteAsync<Outcome<(PipelineVersionRow Version, IReadOnlyList<string> Unpinned)>>(connection =>
        {
            if (PipelineStore.FindLive(connection, pipelineId) is not { } pipeline)
                return NoSuchPipeline;
            var chosen = choose(connection);
            if (!chosen.Succeeded)
                return chosen.Failure;
            var version = PipelineVersionStore.Insert(connection, pipelineId, chosen.Value.Message, chosen.Value.Files, now);
            PipelineStore.SetPublished(connection, pipelineId, chosen.Value.Files, chosen.Value.IsDirty, now);
            var removed = PipelineVersionStore.Prune(connection, pipelineId, pipeline.MaxVersions > 0 ? pipeline.MaxVersions : DefaultMaxVersions);
            return (version, removed.Count == 0 ? [] : Unpin(connection, pipelineId, removed));
        });
        if (!stored.Succeeded)
            return stored.Failure;

        // 2.
        foreach (var objectKey in stored.Value.Unpinned)
            await files.DeleteOrphanAsync(objectKey);
        return stored.Value.Version;
    }

    private static List<string> Unpin(SqliteConnection connection, Guid pipelineId, IReadOnlyList<PipelineVersionRow> removed)
    {
        var kept = PipelineVersionStore.List(connection, pipelineId).SelectMany(version => version.Files.Values).ToHashSet(StringComparer.Ordinal);
        return [.. removed.SelectMany(version => version.Files)
            .Where(pinned => kept.Add(pinned.Value))
            .Select(pinned => FileStore.RemoveVersion(connection, pinned.Key, pinned.Value))
            .OfType<string>()];
    }

    private static Dictionary<string, string> Heads(SqliteConnection connection, string folder) =>
        FileStore.List(connection, folder).ToDictionary(file => file.Key, file => file.VersionId, StringComparer.Ordinal);

    private static bool IsSame(IReadOnlyDictionary<string, string> one, Dictionary<string, string> other) =>
        one.Count == other.Count && one.All(pinned => other.GetValueOrDefault(pinned.Key) == pinned.Value);
}

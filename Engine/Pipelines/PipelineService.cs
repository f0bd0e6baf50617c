using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Pipelines;

/// <summary>A pipeline that was made: which of its scaffold files were written.</summary>
internal sealed record CreatedPipeline(TableName Name, IReadOnlyList<string> Files);

/// <summary>Makes and removes pipelines together with their files.</summary>
internal sealed class PipelineService(MetadataDatabase database, UserFiles files, TimeProvider time, ILogger<PipelineService> logger)
{
    /// <summary>Makes the pipeline, then its scaffold: a file that can't be written is left out, and one that is there stays as it is.</summary>
    public async Task<Outcome<CreatedPipeline>> CreateAsync(
        TableName name, string type, string? source, string? uniqueKey, string description, CancellationToken cancellation)
    {
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        var inserted = await database.WriteAsync<Outcome<bool>>(connection =>
        {
            if (!NamespaceStore.Exists(connection, name.Namespace))
                return Failure.NotFound($"namespace {name.Namespace} not found");
            return PipelineStore.TryInsert(connection, Guid.NewGuid(), name, type, description, now)
                ? true
                : Failure.AlreadyExists("a pipeline with this namespace, layer, and name already exists");
        }, cancellation);
        if (!inserted.Succeeded)
            return inserted.Failure;

        var written = new List<string>();
        foreach (var (file, text) in Scaffold.Files(name, type, source, uniqueKey, description))
        {
            if (await WriteAsync(PipelineRow.FolderOf(name) + file, text))
                written.Add(file);
        }

        return new CreatedPipeline(name, written);
    }

    /// <summary>Changes what <paramref name="change"/> changes. Null when there is no such pipeline.</summary>
    public Task<PipelineRow?> UpdateAsync(TableName name, Func<PipelineRow, PipelineRow> change) => database.WriteAsync(connection =>
    {
        if (PipelineStore.Find(connection, name) is not { } pipeline)
            return null;
        PipelineStore.Update(connection, change(pipeline), Timestamps.ToMicroseconds(time.GetUtcNow()));
        return PipelineStore.Find(connection, name);
    });

    /// <summary>Soft-deletes the pipeline and removes its files. Its runs and its table stay.</summary>
    public async Task<Outcome<bool>> DeleteAsync(TableName name)
    {
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        var deleted = await files.DeleteAllAsync(PipelineRow.FolderOf(name), connection => PipelineStore.TryDelete(connection, name, now));
        return deleted ? true : Failure.NotFound("pipeline not found");
    }

    private async Task<bool> WriteAsync(string key, string text)
    {
        try
        {
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
            var written = await files.PutAsync(
                key, content, FileKinds.ContentType(key), long.MaxValue,
                (connection, _) => FileStore.FindHead(connection, key) is null ? null : Failure.AlreadyExists(key), CancellationToken.None);
            if (written.Failure is { Kind: not FailureKind.AlreadyExists } failure)
                logger.ScaffoldRefused(key, failure.Message);
            return written.Succeeded;
        }
        catch (Exception exception) when (exception is IOException or SqliteException)
        {
            logger.ScaffoldNotWritten(exception, key);
            return false;
        }
    }
}

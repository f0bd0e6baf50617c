using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Pipelines;

/// <summary>What a run executes: the pinned files of a published pipeline, else the draft (DECISIONS 1).</summary>
/// <param name="Text">The source, without a byte order mark.</param>
/// <param name="Config">Text of <c>config.yaml</c>, or null.</param>
/// <param name="TestKeys">Keys of its quality tests, sorted.</param>
internal sealed record PipelineSource(bool IsPython, bool IsPublished, string Text, string? Config, IReadOnlyList<string> TestKeys);

/// <summary>Reads the files of pipelines as runs see them.</summary>
internal sealed class PipelineSources(UserFiles files)
{
    public const string Config = "config.yaml";

    private const string Python = "pipeline.py";
    private const string Sql = "pipeline.sql";

    /// <summary>Python wins over SQL. <see cref="FailureKind.NotFound"/> names both keys when there is neither.</summary>
    public Outcome<PipelineSource> Load(SqliteConnection connection, PipelineRow pipeline)
    {
        var isPublished = pipeline.PublishedVersions.Count > 0;
        var python = Read(connection, pipeline, Python);
        var text = python ?? Read(connection, pipeline, Sql);
        if (text is null)
        {
            return Failure.NotFound(
                $"pipeline source not found: neither {pipeline.Folder}{Python} nor {pipeline.Folder}{Sql}{(isPublished ? " is published" : " exists")}");
        }

        var config = Read(connection, pipeline, Config);
        return new PipelineSource(python is not null, isPublished, text, config, TestKeys(connection, pipeline));
    }

    /// <summary>The SQL source of a live pipeline as a run of it would read it; null without one.</summary>
    public string? ReadSql(SqliteConnection connection, TableName name) =>
        PipelineStore.Find(connection, name) is { } pipeline && Load(connection, pipeline) is { Succeeded: true, Value: { IsPython: false } source }
            ? source.Text
            : null;

    /// <summary>A file of the pipeline's folder as a run of it would read it; null without one.</summary>
    public string? Read(SqliteConnection connection, PipelineRow pipeline, string name)
    {
        var key = pipeline.Folder + name;
        var version = pipeline.PublishedVersions.Count == 0 ? FileStore.FindHead(connection, key)
            : pipeline.PublishedVersions.TryGetValue(key, out var pinned) ? FileStore.FindVersion(connection, key, pinned)
            : null;
        if (version is null || files.Open(version) is not { } stream)
            return null;
        // Detects and drops a byte order mark.
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static List<string> TestKeys(SqliteConnection connection, PipelineRow pipeline)
    {
        var folder = pipeline.Folder + "tests/quality/";
        var keys = pipeline.PublishedVersions.Count > 0
            ? pipeline.PublishedVersions.Keys.Where(key => key.StartsWith(folder, StringComparison.Ordinal))
            : FileStore.List(connection, folder).Select(file => file.Key);
        return [.. keys.Where(key => key.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}

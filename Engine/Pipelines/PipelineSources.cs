using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Pipelines;

/// <summary>What a run executes: the pinned files of a published pipeline, else the draft (DECISIONS 1).</summary>
/// <param name="Text">The source, without a byte order mark.</param>
/// <param name="Config">Text of <c>config.yaml</c>, or null.</param>
/// <param name="Tests">Its quality tests, by key.</param>
internal sealed record PipelineSource(bool IsPython, bool IsPublished, string Text, string? Config, IReadOnlyList<QualityTestFile> Tests);

/// <summary>Reads the files of pipelines as runs see them.</summary>
internal sealed class PipelineSources(UserFiles files)
{
    public const string Config = "config.yaml";

    private const string Python = "pipeline.py";
    private const string Sql = "pipeline.sql";
    private const string TestExtension = ".sql";

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
        return new PipelineSource(python is not null, isPublished, text, config, Tests(connection, pipeline));
    }

    /// <summary>The quality tests of the draft, by key.</summary>
    public IReadOnlyList<QualityTestFile> DraftTests(SqliteConnection connection, PipelineRow pipeline)
    {
        var folder = QualityTestFile.FolderOf(pipeline.Folder);
        return [.. FileStore.List(connection, folder).Where(file => IsTest(folder, file.Key)).Select(file => TestOf(folder, file.Key, file))];
    }

    /// <summary>The SQL source of a live pipeline as a run of it would read it; null without one.</summary>
    public string? ReadSql(SqliteConnection connection, TableName name) =>
        PipelineStore.Find(connection, name) is { } pipeline && Read(connection, pipeline, Python) is null
            ? Read(connection, pipeline, Sql)
            : null;

    /// <summary>A file of the pipeline's folder as a run of it would read it; null without one.</summary>
    public string? Read(SqliteConnection connection, PipelineRow pipeline, string name)
    {
        var key = pipeline.Folder + name;
        var version = pipeline.PublishedVersions.Count == 0 ? FileStore.FindHead(connection, key)
            : pipeline.PublishedVersions.TryGetValue(key, out var pinned) ? FileStore.FindVersion(connection, key, pinned)
            : null;
        return version is null ? null : Read(version);
    }

    private IReadOnlyList<QualityTestFile> Tests(SqliteConnection connection, PipelineRow pipeline)
    {
        if (pipeline.PublishedVersions.Count == 0)
            return DraftTests(connection, pipeline);
        var folder = QualityTestFile.FolderOf(pipeline.Folder);
        return [.. pipeline.PublishedVersions
            .Where(pinned => IsTest(folder, pinned.Key))
            .OrderBy(pinned => pinned.Key, StringComparer.Ordinal)
            .Select(pinned => TestOf(folder, pinned.Key, FileStore.FindVersion(connection, pinned.Key, pinned.Value)))];
    }

    private static bool IsTest(string folder, string key) =>
        key.StartsWith(folder, StringComparison.Ordinal) && key.EndsWith(TestExtension, StringComparison.Ordinal);

    private QualityTestFile TestOf(string folder, string key, FileVersion? version) =>
        new(key, key[folder.Length..^TestExtension.Length], version is null ? null : Read(version));

    private string? Read(FileVersion version)
    {
        if (files.Open(version) is not { } stream)
            return null;
        // Detects and drops a byte order mark.
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

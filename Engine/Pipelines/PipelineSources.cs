using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines.Templates;
using Rat.Storage;
using Rat.Storage.Lake;
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
    public const string Python = "pipeline.py";
    public const string Sql = "pipeline.sql";

    private const string TestExtension = ".sql";

    // No template is longer: UTF-8 takes at most three bytes for a UTF-16 unit.
    private const long LongestTest = 3L * TemplateLimits.SourceLength;

    // A version never changes; those of a list of tests, or of a pipeline that runs every minute, are read again and again.
    private const int LongestKept = 64 * 1024;
    private const long MostKept = 1024 * 1024;

    private readonly RecentlyUsed<string, string> _texts = new(MostKept, text => text.Length);

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

    /// <summary>What the source of a live pipeline refers to, as a run of it would read it; nothing without one.</summary>
    public IReadOnlyList<string> ReadRefs(SqliteConnection connection, TableName name)
    {
        if (PipelineStore.Find(connection, name) is not { } pipeline)
            return [];
        if (Read(connection, pipeline, Python) is { } python)
            return SourceReferences.PythonRefs(python);
        return Read(connection, pipeline, Sql) is { } sql ? SourceReferences.TemplateRefs(sql) : [];
    }

    /// <summary>A file of the pipeline's folder as a run of it would read it; null without one.</summary>
    public string? Read(SqliteConnection connection, PipelineRow pipeline, string name)
    {
        var key = pipeline.Folder + name;
        var version = pipeline.PublishedVersions.Count == 0 ? FileStore.FindHead(connection, key)
            : pipeline.PublishedVersions.TryGetValue(key, out var pinned) ? FileStore.FindVersion(connection, key, pinned)
            : null;
        return version is null ? null : Read(version);
    }

    /// <summary>The text of one version of a file, without a byte order mark; null when its bytes are not there any more.</summary>
    public string? Read(FileVersion version)
    {
        if (_texts.TryGet(version.VersionId, out var known))
            return known;
        if (files.Open(version) is not { } stream)
            return null;
        // Detects and drops a byte order mark.
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        if (text.Length <= LongestKept)
            _texts.Set(version.VersionId, text);
        return text;
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
        new(key, key[folder.Length..^TestExtension.Length], version is null or { SizeBytes: > LongestTest } ? null : Read(version));
}

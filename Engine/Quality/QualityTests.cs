using System.Text;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Quality;

/// <summary>A quality test of the draft, and whether a file of its name is part of the publication.</summary>
internal sealed record ListedTest(QualityTestFile Test, bool IsPublished);

/// <summary>The quality tests of pipelines as files: list, create, delete.</summary>
internal sealed class QualityTests(MetadataDatabase database, PipelineSources sources, UserFiles files)
{
    /// <summary>What <see cref="List"/> reads; the texts are of versions, which never change.</summary>
    public const ListedTables Listed = PipelineStore.Listed | FileStore.Listed;

    private static readonly Failure NoSuchPipeline = Failure.NotFound("pipeline not found");

    /// <summary>The tests of the draft, by name.</summary>
    public Outcome<IReadOnlyList<ListedTest>> List(TableName name) => database.Read<Outcome<IReadOnlyList<ListedTest>>>(connection =>
        PipelineStore.Find(connection, name) is not { } pipeline
            ? NoSuchPipeline
            : sources.DraftTests(connection, pipeline)
                .Select(test => new ListedTest(test, pipeline.PublishedVersions.ContainsKey(test.Key)))
                .OrderBy(test => test.Test.Path, StringComparer.Ordinal)
                .ToList());

    /// <summary>Writes a new test.</summary>
    /// <param name="severity">Written into the file unless the SQL has one; null to leave it out.</param>
    /// <param name="description">Likewise; empty to leave it out.</param>
    /// <returns>The test as it is stored; <see cref="FailureKind.AlreadyExists"/> when there is one of that name.</returns>
    public async Task<Outcome<QualityTestFile>> CreateAsync(TableName name, string test, string sql, TestSeverity? severity, string description)
    {
        var key = $"{QualityTestFile.FolderOf(PipelineRow.FolderOf(name))}{test}.sql";
        var text = Annotate(sql, severity, description);
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var written = await files.PutAsync(key, content, FileKinds.ContentType(key), long.MaxValue, (connection, _) =>
        {
            if (PipelineStore.Find(connection, name) is null)
                return NoSuchPipeline;
            if (FileStore.FindHead(connection, key) is not null)
                return Failure.AlreadyExists($"a quality test named {test} already exists");
            PipelineStore.MarkDirty(connection, key);
            return null;
        }, CancellationToken.None);
        return written.Succeeded ? new QualityTestFile(key, test, text) : written.Failure;
    }

    /// <summary>Removes a test of the draft. One that is published stays part of the publication.</summary>
    public async Task<Outcome<bool>> DeleteAsync(TableName name, string test)
    {
        if (database.Read(connection => PipelineStore.Find(connection, name)) is null)
            return NoSuchPipeline;
        var key = $"{QualityTestFile.FolderOf(PipelineRow.FolderOf(name))}{test}.sql";
        return await files.DeleteAsync(key, connection => PipelineStore.MarkDirty(connection, key))
            ? true
            : Failure.NotFound("quality test not found");
    }

    private static string Annotate(string sql, TestSeverity? severity, string description)
    {
        var header = QualityTestAnnotations.Keys(sql);
        var text = new StringBuilder();
        if (severity is { } effect && !header.Contains("severity"))
            text.Append("-- @severity: ").Append(effect.ToText()).Append('\n');
        if (OneLine(description) is { Length: > 0 } line && !header.Contains("description"))
            text.Append("-- @description: ").Append(line).Append('\n');
        return text.Append(AnnotationLine.WithoutMark(sql)).ToString();
    }

    // It becomes a comment, which ends with its line, in a template, whose tags work in comments too.
    private static string OneLine(string description) => description.ReplaceLineEndings(" ").Trim()
        .Replace("{{", "{ {", StringComparison.Ordinal)
        .Replace("{%", "{ %", StringComparison.Ordinal)
        .Replace("{#", "{ #", StringComparison.Ordinal);
}

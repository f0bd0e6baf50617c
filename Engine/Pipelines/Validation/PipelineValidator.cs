using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines.Templates;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Pipelines.Validation;

/// <summary>
/// Looks at the draft of a pipeline as it would be published (engine.md 6.2): 1. every SQL file by itself; 2. the configuration, from
/// <c>config.yaml</c> and the source's annotations; 3. what the source refers to. Nothing is executed.
/// </summary>
internal sealed class PipelineValidator(PipelineSources sources)
{
    // Of UTF-8, in which a UTF-16 unit takes at most three bytes: what is longer can't be a template, and isn't read.
    private const long LongestSource = 3L * TemplateLimits.SourceLength;

    /// <param name="snapshot">One state of the metadata, from which everything is read.</param>
    public PipelineValidation Validate(SqliteConnection snapshot, PipelineRow pipeline)
    {
        var draft = FileStore.List(snapshot, pipeline.Folder).ToDictionary(file => file.Key, StringComparer.Ordinal);
        var reports = new SortedDictionary<string, FileReport>(StringComparer.Ordinal);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var templates = new Dictionary<string, Template?>(StringComparer.Ordinal);

        // 1.
        var tests = QualityTestFile.FolderOf(pipeline.Folder);
        foreach (var key in draft.Keys.Where(key => key.EndsWith(".sql", StringComparison.Ordinal)))
        {
            if (Read(key) is not { } text)
                continue;
            var isTest = key.StartsWith(tests, StringComparison.Ordinal);
            templates[key] = TemplateChecks.Check(text, isTest, ReportOf(key));
            if (isTest)
                WarnOfUnknown(QualityTestAnnotations.Parse(text).UnknownKeys, ReportOf(key));
        }

        // 2.
        var sourceKey = new[] { PipelineSources.Python, PipelineSources.Sql }.Select(name => pipeline.Folder + name).FirstOrDefault(draft.ContainsKey);
        var source = sourceKey is null ? null : Read(sourceKey);
        var configKey = pipeline.Folder + PipelineSources.Config;
        var config = draft.ContainsKey(configKey) && Read(configKey) is { } yaml ? ConfigChecks.CheckFile(yaml, ReportOf(configKey)) : null;
        if (source is not null)
        {
            var template = templates.GetValueOrDefault(sourceKey!);
            ConfigChecks.CheckSource(source, config, template?.Survey, ReportOf(sourceKey!));

            // 3.
            var references = template is not null ? template.References
                : sourceKey!.EndsWith(".py", StringComparison.Ordinal) ? SourceReferences.PythonRefs(source)
                : [];
            CheckReferences(snapshot, pipeline.Name, references, ReportOf(sourceKey!));
        }

        return new PipelineValidation([.. reports
            .Where(report => !report.Value.IsEmpty || report.Key.EndsWith(".sql", StringComparison.Ordinal))
            .Select(report => report.Value.ToValidation())]);

        FileReport ReportOf(string key) => reports.TryGetValue(key, out var report) ? report : reports[key] = new FileReport(key);

        string? Read(string key)
        {
            if (texts.TryGetValue(key, out var known))
                return known;
            var file = draft[key];
            if (file.SizeBytes > LongestSource)
                ReportOf(key).Error($"the file is too long: {file.SizeBytes} bytes, at most {LongestSource}");
            else if (sources.Read(file) is { } text)
                return texts[key] = text;
            else
                ReportOf(key).Error("the file can't be read");
            return null;
        }
    }

    private void CheckReferences(SqliteConnection snapshot, TableName pipeline, IReadOnlyList<string> references, FileReport report)
    {
        if (RefCycles.FindAmong(pipeline, table => table == pipeline ? references : sources.ReadRefs(snapshot, table)) is { } cycle)
            report.Error($"the pipelines read each other in a circle: {cycle}; a pipeline reads its own earlier rows by {{{{ this }}}}");
        foreach (var text in references.Distinct(StringComparer.Ordinal))
        {
            var table = RefName.Parse(text, pipeline.Namespace);
            if (!table.Succeeded)
                report.Warn(table.Failure.Message);
            else if (PipelineStore.Find(snapshot, table.Value) is null && TableStore.Find(snapshot, table.Value) is null)
                report.Warn($"ref('{text}'): there is neither a pipeline nor a table {table.Value}");
        }
    }

    private static void WarnOfUnknown(IReadOnlyList<string> keys, FileReport report)
    {
        foreach (var key in keys)
            report.Warn($"unknown annotation @{key} ignored");
    }
}

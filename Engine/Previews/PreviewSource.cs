using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Previews;

/// <summary>What a preview executes.</summary>
/// <param name="Config">Merged from config.yaml and the annotations of the source, as for a run; null when there is neither.</param>
internal sealed record LoadedPreview(string Text, bool IsPython, bool IsInline, PipelineConfig? Config);

/// <summary>Finds the source of a preview: the code that was sent along, else the draft. What was published doesn't count.</summary>
internal sealed class PreviewSource(PipelineSources sources)
{
    private static readonly Dictionary<string, string> Nothing = [];

    public Outcome<LoadedPreview> Load(SqliteConnection snapshot, PipelineRow pipeline, PreviewOrder order, PreviewReport report)
    {
        report.Log.Info($"Starting preview for {pipeline.Folder}");
        var draft = pipeline with { PublishedVersions = Nothing };
        LoadedPreview loaded;
        if (order.Code is { } code)
        {
            report.Log.Info($"Using inline code ({code.Length} characters)");
            loaded = new LoadedPreview(code, pipeline.Type == "python", IsInline: true, Config: null);
        }
        else
        {
            var stored = sources.Load(snapshot, draft);
            if (!stored.Succeeded)
                return stored.Failure;
            loaded = new LoadedPreview(stored.Value.Text, stored.Value.IsPython, IsInline: false, Config: null);
        }

        report.Log.Info($"Detected {(loaded.IsPython ? "python" : "sql")} pipeline");
        var merged = Merge(sources.Read(snapshot, draft, PipelineSources.Config), loaded.Text);
        if (!merged.Succeeded)
            return merged.Failure;
        foreach (var warning in merged.Value?.Warnings ?? [])
            report.Log.Warn(warning);
        return loaded with { Config = merged.Value };
    }

    private static Outcome<PipelineConfig?> Merge(string? config, string text)
    {
        if (config is null)
            return MergedConfig.Merge(null, SourceAnnotations.Parse(text));
        var parsed = ConfigFile.Parse(config);
        return parsed.Succeeded ? MergedConfig.Merge(parsed.Value, SourceAnnotations.Parse(text)) : parsed.Failure;
    }
}

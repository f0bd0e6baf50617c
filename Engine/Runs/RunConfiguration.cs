using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>A pipeline as one run executes it.</summary>
/// <param name="Config">Merged from config.yaml and the source's annotations; null when there is neither.</param>
internal sealed record LoadedPipeline(PipelineSource Source, PipelineConfig? Config);

/// <summary>Loads source and configuration of a run and says in its log where they came from.</summary>
internal sealed class RunConfiguration(PipelineSources sources)
{
    /// <summary>Reads everything from the one state of the metadata that <paramref name="snapshot"/> shows.</summary>
    public Outcome<LoadedPipeline> Load(ActiveRun run, SqliteConnection snapshot)
    {
        if (PipelineStore.FindLive(snapshot, run.Row.PipelineId) is not { } pipeline)
            return Failure.NotFound($"the pipeline {run.Row.Pipeline} was deleted");
        var loaded = sources.Load(snapshot, pipeline);
        if (!loaded.Succeeded)
            return loaded.Failure;

        var source = loaded.Value;
        if (!source.IsPublished)
            run.Log.Info("Pipeline not published — running the draft");
        run.Log.Info($"Detected {(source.IsPython ? "python" : "sql")} pipeline");
        if (source.IsPython)
            return Failure.NotImplemented("Python pipelines are not supported yet: write the pipeline as pipeline.sql");

        var config = Merge(run, source);
        if (!config.Succeeded)
            return config.Failure;
        WarnOfEmptyZones(run, snapshot, source);
        return new LoadedPipeline(source, config.Value);
    }

    private static Outcome<PipelineConfig?> Merge(ActiveRun run, PipelineSource source)
    {
        ConfigFileContent? file = null;
        if (source.Config is not null)
        {
            var parsed = ConfigFile.Parse(source.Config);
            if (!parsed.Succeeded)
                return parsed.Failure;
            file = parsed.Value;
        }

        var annotations = SourceAnnotations.Parse(source.Text);
        var merged = MergedConfig.Merge(file, annotations);
        if (!merged.Succeeded)
            return merged;
        var keys = string.Join(", ", annotations.Keys.Order(StringComparer.Ordinal));
        if ((file, annotations.Count) switch
        {
            (null, 0) => null,
            (null, _) => $"Loaded config from source annotations ({keys})",
            (_, 0) => "Loaded config from config.yaml",
            _ => $"Merged config.yaml and source annotations ({keys})",
        } is { } origin)
        {
            run.Log.Info(origin);
        }

        if (merged.Value is { } config)
            run.Log.Debug($"Effective config:\n{PipelineConfigText.Of(config)}");
        foreach (var warning in merged.Value?.Warnings ?? [])
            run.Log.Warn(warning);
        return merged;
    }

    private static void WarnOfEmptyZones(ActiveRun run, SqliteConnection snapshot, PipelineSource source)
    {
        var ns = run.Row.Pipeline.Namespace;
        foreach (var zone in SourceReferences.LandingZones(source.Text).Distinct())
        {
            if (FileStore.Landed(snapshot, ns, zone).Count == 0)
                run.Log.Warn($"Landing zone '{zone}' has no files (looked in {ns}/landing/{zone}/)");
        }
    }
}

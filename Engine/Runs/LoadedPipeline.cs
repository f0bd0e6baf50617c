using Rat.Engine.Pipelines;

namespace Rat.Engine.Runs;

/// <summary>What phase 1 of a run finds: the source, its merged configuration, and the landing zones that the source names.</summary>
/// <param name="Configured">False when there is neither a config.yaml nor an annotation: then every <c>is_*()</c> is false.</param>
internal sealed record LoadedPipeline(string Source, PipelineConfig Config, bool Configured, IReadOnlyList<string> Zones);

using Rat.Storage; using Rat.Storage.Lake; using Rat.Storage.Metadata; using Rat.Storage.Objects;
namespace Rat.Engine.Pipelines {
internal enum MergeStrategy { FullRefresh, Incremental, AppendOnly, DeleteInsert, Scd2, Snapshot }
internal static class MSX { public static string ToText(this MergeStrategy s) => s.ToString(); }
internal sealed record PipelineConfig { public MergeStrategy MergeStrategy; public bool ArchiveLandingZones; public IReadOnlyList<string> PartitionBy = []; public IReadOnlyList<string> Warnings = []; }
internal sealed record ConfigFileContent(string Y);
internal static class ConfigFile { public static Outcome<ConfigFileContent> Parse(string y) => new ConfigFileContent(y); }
internal static class SourceAnnotations { public static IReadOnlyDictionary<string,string> Parse(string s) => new Dictionary<string,string>(); public static string Strip(string s) => s.Trim().TrimEnd(';'); }
internal static class MergedConfig { public static Outcome<PipelineConfig?> Merge(ConfigFileContent? f, IReadOnlyDictionary<string,string> a) => new PipelineConfig { MergeStrategy = f?.Y.Contains("append_only") == true ? MergeStrategy.AppendOnly : MergeStrategy.FullRefresh, ArchiveLandingZones = f?.Y.Contains("archive_landing_zones: true") == true }; }
internal static class SourceReferences { public static IReadOnlyList<string> LandingZones(string s) => []; }
internal static class RefCycles { public static Task<string?> FindAsync(TableName n, Func<TableName, Task<string?>> f) => Task.FromResult<string?>(null); }
}
namespace Rat.Engine.Pipelines.Templates {
internal sealed class Template { string t=""; public static Outcome<Template> Parse(string s) => new Template { t = s }; public Outcome<string> Render(TemplateContext c, CancellationToken x) => System.Text.RegularExpressions.Regex.Replace(t, @"\{\{ ref\('([^']*)'\) \}\}", m => c.Ref(m.Groups[1].Value).Value).Replace("{{ landing_zone('", "s3://rat/default/landing/").Replace("') }}", "/**").Replace("{{ landing_zone(\"", "s3://rat/default/landing/").Replace("\") }}", "/**"); }
internal sealed record TemplateContext { public required Func<string, Outcome<string>> Ref { get; init; } public required Func<string, Outcome<string>> LandingZone { get; init; } public required Func<Outcome<string>> This { get; init; } public required string RunStartedAt { get; init; } public string? WatermarkValue { get; init; } public MergeStrategy? Strategy { get; init; } public bool TargetHasRows { get; init; } }
internal static class RefName { public static Outcome<TableName> Parse(string t, string ns) => new TableName(ns, t.Split('.')[0], t.Split('.')[1]); }
}

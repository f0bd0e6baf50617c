using Rat.Storage; using Rat.Storage.Lake; using Rat.Storage.Metadata; using Rat.Storage.Objects;
namespace Rat.Engine.Duck.Gate {
internal interface ICatalogState { TableState? Find(TableName name); TableState? Find(TableName name, long snapshotId); IReadOnlyList<TableName> List(string? ns); }
internal interface ILandingLookup { IReadOnlyList<LandingMatch> Match(string keyPattern); }
internal sealed record LandingMatch(string Key, string LocalPath);
internal sealed record GateScope(string Namespace, ICatalogState Catalog, ILandingLookup Landing, IReadOnlyList<string> Buckets);
internal enum StatementShape { Select, Explain, Describe }
internal sealed record GatedSql(string Text, StatementShape Shape, bool CanWrap, IReadOnlyList<ViewUse> Views, IReadOnlyList<LandingMatch> LandingFiles);
internal sealed record ViewUse(TableState State, bool Pinned);
internal sealed class SqlGate { public Outcome<GatedSql> Admit(DuckConnection connection, string sql, GateScope scope) {
  var uses = scope.Catalog.List(null).Select(n => scope.Catalog.Find(n)!).Where(s => sql.Contains(s.Name.Name)).SelectMany(s => sql.Contains("@" + s.SnapshotId) ? new[] { new ViewUse(s, true) } : new[] { new ViewUse(s, false) }).ToList();
  var files = new List<LandingMatch>();
  var t = System.Text.RegularExpressions.Regex.Replace(sql, @"'s3://rat/([^']*)'", m => { var f = scope.Landing.Match(m.Groups[1].Value); files.AddRange(f); return "[" + string.Join(",", f.Select(x => DuckQuote.Literal(x.LocalPath))) + "]"; });
  return connection is null ? Failure.Invalid("") : new GatedSql(t, StatementShape.Select, true, uses, files); } }
}
namespace Rat.Engine.Landing { internal sealed class LandingLookup(MetadataDatabase d, UserFiles u) : Rat.Engine.Duck.Gate.ILandingLookup { public IReadOnlyList<Rat.Engine.Duck.Gate.LandingMatch> Match(string p) { var x = p.Split('/'); return d.Read(c => FileStore.Landed(c, x[0], x[2])).Select(v => new Rat.Engine.Duck.Gate.LandingMatch(v.Key, u.LocalPath(v))).ToList(); } } }
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

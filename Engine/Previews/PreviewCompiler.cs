using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.History;
using Rat.Engine.Landing;
using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Templates;
using Rat.Engine.Queries;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Previews;

/// <summary>Turns the source of a preview into one admitted statement, all of it against one state of the catalog.</summary>
internal sealed class PreviewCompiler(
    MetadataDatabase database, LakeTables tables, SqlGate gate, LandingLookup landing, UserFiles files, EngineSettings settings, TimeProvider time)
{
    private static readonly Failure PythonNotBuilt =
        Failure.NotImplemented("Python pipelines are not supported yet: write the pipeline as pipeline.sql");

    public Outcome<GatedSql> Compile(
        PreviewOrder order, LoadedPreview source, TemplateStrategy strategy, DuckConnection connection, PreviewReport report,
        CancellationToken cancellation)
    {
        // Quality tests are previewed by sending their SQL, and a Python pipeline can have tests.
        if (source is { IsPython: true, IsInline: false })
            return PythonNotBuilt;
        var compiled = CompileSql(order, source, strategy, connection, report, cancellation);
        return compiled.Succeeded || !source.IsPython || IsSelect(source.Text) ? compiled : PythonNotBuilt;
    }

    private Outcome<GatedSql> CompileSql(
        PreviewOrder order, LoadedPreview source, TemplateStrategy strategy, DuckConnection connection, PreviewReport report,
        CancellationToken cancellation)
    {
        var name = order.Pipeline;
        var zones = new PreviewLanding(landing, database, files, settings, name.Namespace, order, report);
        using var snapshot = database.OpenSnapshot();
        var catalog = new CatalogState(tables, snapshot.Connection);
        var references = new TableReferences(catalog, name.Namespace);
        var parsed = Template.Parse(source.Text);
        if (!parsed.Succeeded)
            return parsed.Failure;

        var target = catalog.Find(name);
        var rendered = parsed.Value.Render(new TemplateContext
        {
            Ref = references.Ref,
            RefAt = references.RefAt,
            This = () => TableReferences.Table("this", name, target),
            LandingZone = zone => zones.AddressOf(zone),
            RunStartedAt = TemplateContext.TimeText(time.GetUtcNow()),
            Strategy = strategy.Strategy,
            WatermarkValue = strategy.Watermark,
            TargetHasRows = target is { RowCount: > 0 } && !strategy.ReplacesTable,
        }, cancellation);
        if (!rendered.Succeeded)
            return rendered.Failure;
        zones.WarnOfIgnored();

        var sql = SourceAnnotations.Strip(rendered.Value);
        report.Log.Debug($"Compiled SQL:\n{sql}");
        var gated = gate.Admit(connection, sql, new GateScope(name.Namespace, catalog, zones, settings.Buckets));
        if (!gated.Succeeded)
            return gated.Failure;
        return gated.Value.CanWrap ? gated.Value : Failure.Invalid("a pipeline must be a SELECT: its result is what is written");
    }

    private static bool IsSelect(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith("--", StringComparison.Ordinal))
                return line.StartsWith("select", StringComparison.OrdinalIgnoreCase);
        }

        return false;
    }
}

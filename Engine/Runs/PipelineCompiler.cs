using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.History;
using Rat.Engine.Landing;
using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Templates;
using Rat.Engine.Queries;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>What a pipeline's source has become: the statement that makes its result, and the table as it is before the run.</summary>
/// <param name="Pins">The state of the catalog that it was compiled against, for its quality tests; of no table when there are none.</param>
/// <param name="Zones">Landing zones that its text names, and those that its template has asked for.</param>
internal sealed record CompiledPipeline(GatedSql Sql, TableState? Target, CatalogPins Pins, IReadOnlyList<string> Zones);

/// <summary>What a template is told of its pipeline's strategy.</summary>
/// <param name="Watermark">Null when there is none.</param>
/// <param name="ReplacesTable">Nothing of the table stays, also when the strategy would have it otherwise: then a template must not leave out
/// what the table has already.</param>
internal sealed record TemplateStrategy(MergeStrategy? Strategy, string? Watermark, bool ReplacesTable);

/// <summary>Turns a source into one admitted statement: template, then gate, all of it against one state of the catalog.</summary>
internal sealed class PipelineCompiler(
    MetadataDatabase database, PipelineSources sources, LakeTables tables, SqlGate gate, LandingLookup landing, TableCheck check,
    EngineSettings settings)
{
    /// <summary>Compiles for a run; the failure is what the run ends with.</summary>
    public Outcome<CompiledPipeline> Compile(
        ActiveRun run, PipelineSource source, TemplateStrategy strategy, DateTimeOffset startedAt, DuckConnection connection)
    {
        var name = run.Row.Pipeline;
        // Brief: a snapshot that is held keeps SQLite's log from shrinking.
        using var snapshot = database.OpenSnapshot();
        var catalog = new CatalogState(tables, snapshot.Connection);
        var references = new TableReferences(catalog, name.Namespace);

        var parsed = Template.Parse(source.Text);
        if (!parsed.Succeeded)
            return parsed.Failure;
        if (RefCycles.Find(name, table => sources.ReadSql(snapshot.Connection, table)) is { } cycle)
            return Failure.Invalid($"the pipelines read each other in a circle: {cycle}");

        var target = catalog.Find(name);
        if (target is not null)
            check.VerifyBase(target, keepsRows: !strategy.ReplacesTable);
        var zones = SourceReferences.LandingZones(source.Text).ToList();
        var rendered = parsed.Value.Render(new TemplateContext
        {
            Ref = references.Ref,
            RefAt = references.RefAt,
            This = () => TableReferences.Table("this", name, target),
            LandingZone = zone =>
            {
                zones.Add(zone);
                return $"s3://{settings.Bucket}/{name.Namespace}/landing/{zone}/**";
            },
            RunStartedAt = TemplateContext.TimeText(startedAt),
            Strategy = strategy.Strategy,
            WatermarkValue = strategy.Watermark,
            TargetHasRows = target is { RowCount: > 0 } && !strategy.ReplacesTable,
        }, run.Stopping);
        if (!rendered.Succeeded)
            return rendered.Failure;

        var sql = SourceAnnotations.Strip(rendered.Value);
        run.Log.Debug($"Compiled SQL:\n{sql}");
        var gated = gate.Admit(connection, sql, new GateScope(name.Namespace, catalog, landing, settings.Buckets));
        if (!gated.Succeeded)
            return gated.Failure;
        return gated.Value.CanWrap
            ? new CompiledPipeline(gated.Value, target, source.Tests.Count > 0 ? CatalogPins.Take(snapshot.Connection) : CatalogPins.None, zones)
            : Failure.Invalid("a pipeline must be a SELECT: its result is what is written");
    }
}

using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.History;
using Rat.Engine.Landing;
using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Templates;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Quality;

/// <summary>A quality test as an admitted statement.</summary>
/// <param name="CountsViolations">Its one value is their number; else each row is one.</param>
internal sealed record CompiledTest(GatedSql Sql, bool CountsViolations);

/// <summary>Turns a quality test into an admitted statement, as the source of a pipeline is: template, then gate. No configuration and no
/// watermark reach it, so every <c>is_…()</c> is false in it (engine.md 5.3).</summary>
internal sealed class TestCompiler(MetadataDatabase database, LakeTables tables, SqlGate gate, LandingLookup landing, EngineSettings settings)
{
    /// <summary>The SQL of a test's template.</summary>
    /// <exception cref="OperationCanceledException">The rendering was cancelled.</exception>
    public Outcome<string> Render(QualityTestFile test, TestScope scope, CancellationToken cancellation)
    {
        if (test.Text is null)
            return Failure.NotFound($"the test can't be read: {test.Key} is not there any more, or too long for a template");
        var parsed = Template.Parse(test.Text);
        if (!parsed.Succeeded)
            return parsed.Failure;

        using var snapshot = database.OpenSnapshot();
        var references = new TableReferences(new TestCatalog(tables, snapshot.Connection, scope), scope.Pipeline.Namespace);
        var rendered = parsed.Value.Render(new TemplateContext
        {
            Ref = references.Ref,
            RefAt = references.RefAt,
            This = () => TableReferences.Table("this", scope.Pipeline, scope.This),
            Previous = () => Previous(scope),
            LandingZone = zone => $"s3://{settings.Bucket}/{scope.Pipeline.Namespace}/landing/{zone}/**",
            RunStartedAt = TemplateContext.TimeText(scope.StartedAt),
        }, cancellation);
        return rendered.Succeeded ? SourceAnnotations.Strip(rendered.Value) : rendered.Failure;
    }

    /// <summary>The statement, let through for reading what its scope names and nothing else.</summary>
    /// <exception cref="DuckException">DuckDB could not answer, for example because it was interrupted.</exception>
    public Outcome<CompiledTest> Admit(DuckConnection connection, string sql, TestScope scope)
    {
        using var snapshot = database.OpenSnapshot();
        var catalog = new TestCatalog(tables, snapshot.Connection, scope);
        var gated = gate.Admit(connection, sql, new GateScope(scope.Pipeline.Namespace, catalog, landing, settings.Buckets));
        if (!gated.Succeeded)
            return gated.Failure;
        return gated.Value.Shape == StatementShape.Select
            ? new CompiledTest(gated.Value, LoneAggregate.IsIn(connection, gated.Value.Text))
            : Failure.Invalid("a quality test must be a SELECT: its rows, or its count, are the violations");
    }

    private static Outcome<string> Previous(TestScope scope) => scope switch
    {
        { Previous: { } committed } => ViewText.NameOf(committed.Name, committed.SnapshotId),
        // Before the first run: nothing, with the columns that there will be.
        { This: { } staged } => $"(SELECT * FROM {ViewText.NameOf(staged.Name, staged.SnapshotId)} WHERE false)",
        _ => TableReferences.Table("previous", scope.Pipeline, null),
    };
}

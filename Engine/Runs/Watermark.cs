using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Runs;

/// <summary>The greatest value that a table has in the watermark column, for a template to ask for later ones only (engine.md 2.7).</summary>
internal sealed class Watermark(ViewCatalogs views)
{
    /// <summary>DuckDB's text of the value; null when the strategy has no watermark, or the table no value.</summary>
    /// <returns><see cref="FailureKind.Invalid"/> when the table has no such column.</returns>
    public async Task<Outcome<string?>> ReadAsync(
        PipelineConfig? config, TableState? table, DuckInstance instance, DuckConnection connection, RunLog log, CancellationToken cancellation)
    {
        if (config is not { WatermarkColumn: { } name, Strategy: MergeStrategy.Incremental or MergeStrategy.DeleteInsert })
            return (string?)null;
        log.Info($"Reading watermark for column '{name}'");
        var value = table is null ? (string?)null : await ReadAsync(table, name, instance, connection, cancellation);
        if (!value.Succeeded)
            return value;
        log.Info(value.Value is { } found ? $"Watermark: {found}" : "No watermark found (first run or empty table)");
        return value;
    }

    private async Task<Outcome<string?>> ReadAsync(
        TableState table, string name, DuckInstance instance, DuckConnection connection, CancellationToken cancellation)
    {
        if (table.Schema.Fields.FirstOrDefault(field => FieldIds.SameName(field.Name, name)) is not { } column)
            return Failure.Invalid($"watermark_column: the table {table.Name} has no column {LakeTypeText.Quote(name)}");
        using (await views.Of(instance).AcquireAsync(connection, new StatementReads([new ViewUse(table, Pinned: true)], []), cancellation))
        {
            return connection.Scalar(
                $"SELECT CAST(max({DuckQuote.Identifier(column.Name)}) AS VARCHAR) FROM {ViewText.NameOf(table.Name, table.SnapshotId)}");
        }
    }
}

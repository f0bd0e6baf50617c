using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.Merging.Files;
using Rat.Engine.Merging.Relations;
using Rat.Engine.Merging.Strategies;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging;

/// <summary>The result of a pipeline, executed once. Nothing of it is part of the table yet.</summary>
/// <param name="Spec">What its data files are divided by.</param>
/// <param name="Files">Data files that hold the result as it is; null when it is in the connection's <see cref="Batch"/> instead.</param>
internal sealed record ExecutedResult(
    IMergeStrategy Strategy, TargetColumns Columns, PartitionSpec Spec, long RowCount, IReadOnlyList<WrittenFile>? Files);

/// <summary>Executes a pipeline's statement and writes what its strategy makes of the result: never held in memory as a whole.</summary>
internal sealed class TableWriter(ViewCatalogs views, TableCheck check, DataDirectory directory, EngineSettings settings, ErrorTexts errors)
{
    /// <summary>Executes an admitted statement: straight into data files below <see cref="StagingTarget.DataFolder"/> when its strategy doesn't
    /// need the rows again, else into a batch.</summary>
    /// <param name="partitionBy">Counts for a table that is about to be made; a table keeps what it was made with.</param>
    /// <exception cref="DuckException">The statement failed; files may have been left.</exception>
    public async Task<Outcome<ExecutedResult>> ExecuteAsync(
        DuckInstance instance, DuckConnection connection, GatedSql sql, IMergeStrategy strategy, IReadOnlyList<PartitionField> partitionBy,
        StagingTarget target, CancellationToken cancellation)
    {
        // Until the execution has begun its views must keep showing what the gate saw.
        var lease = await views.Of(instance).AcquireAsync(connection, sql.Reads, cancellation);
        using (lease)
        {
            var columns = TargetColumns.Of(connection, sql.Text, strategy, target.Base, errors);
            if (!columns.Succeeded)
                return columns.Failure;
            var spec = Spec(columns.Value, partitionBy, target.Base);
            if (!spec.Succeeded)
                return spec.Failure;
            return strategy.IsStaged
                ? Stage(connection, sql.Text, strategy, columns.Value, spec.Value, lease)
                : Write(connection, sql.Text, strategy, columns.Value, spec.Value, target, lease);
        }
    }

    /// <summary>What the result changes in the table; null when it stays as it is.</summary>
    /// <exception cref="DuckException"/>
    public TableChange? Merge(DuckConnection connection, ExecutedResult result, StagingTarget target, CancellationToken cancellation) =>
        new TableMerge(connection, result, target, check, directory, settings.SmallFileBytes, cancellation).Execute();

    private static ExecutedResult Stage(
        DuckConnection connection, string sql, IMergeStrategy strategy, TargetColumns columns, PartitionSpec spec, IDisposable lease)
    {
        using var begun = Batch.Begin(connection, sql, columns);
        lease.Dispose();
        if (!begun.TryReadChunk(out var chunk))
            throw new InvalidOperationException("DuckDB made a table without counting its rows");
        return new ExecutedResult(strategy, columns, spec, chunk.GetInt64(0, 0), Files: null);
    }

    private ExecutedResult Write(
        DuckConnection connection, string sql, IMergeStrategy strategy, TargetColumns columns, PartitionSpec spec, StagingTarget target,
        IDisposable lease)
    {
        using var copy = DataCopy.Begin(connection, columns.Rows(sql), columns, spec, target, directory.Temporary);
        lease.Dispose();
        var files = copy.Finish();
        return new ExecutedResult(strategy, columns, spec, files.Sum(file => file.RowCount), files);
    }

    private static Outcome<PartitionSpec> Spec(TargetColumns columns, IReadOnlyList<PartitionField> partitionBy, TableState? table)
    {
        if (table is not null)
            return PartitionSpecs.After(table, columns.Schema);
        var names = columns.Schema.Fields.Select(field => new NewColumn(field.Name, field.Type)).ToList();
        return partitionBy.FirstOrDefault(field => !names.Any(column => FieldIds.SameName(column.Name, field.Column))) is { } unknown
            ? TargetColumns.Missing("partition_by", unknown.Column, names)
            : PartitionSpecs.New(columns.Schema, [.. partitionBy.Select(field => (field.Column, Transform(field.Transform)))]);
    }

    private static SpecTransform Transform(PartitionTransform transform) => transform switch
    {
        PartitionTransform.Year => SpecTransform.Year,
        PartitionTransform.Month => SpecTransform.Month,
        PartitionTransform.Day => SpecTransform.Day,
        PartitionTransform.Hour => SpecTransform.Hour,
        _ => SpecTransform.Identity,
    };
}

using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging;

/// <summary>Data files that a run has written and that no snapshot names yet.</summary>
internal sealed record WrittenResult(LakeSchema Schema, IReadOnlyList<WrittenFile> Files, long RowCount);

/// <summary>Executes a pipeline's statement straight into data files: the result is never held in memory as a whole.</summary>
internal sealed class TableWriter(ViewCatalogs views, ErrorTexts errors)
{
    /// <summary>Writes the result of an admitted statement below <see cref="StagingTarget.DataFolder"/>.</summary>
    /// <exception cref="DuckException">The statement failed; files may have been left.</exception>
    public async Task<Outcome<WrittenResult>> WriteAsync(
        DuckInstance instance, DuckConnection connection, GatedSql sql, MergePlan plan, StagingTarget target, CancellationToken cancellation)
    {
        var catalog = views.Of(instance);
        DuckResult copy;
        LakeSchema schema;
        // Until the COPY has begun its views must keep showing what the gate saw.
        using (await catalog.AcquireAsync(sql.Views, cancellation))
        {
            var planned = Plan(connection, sql.Text, plan, target.Base);
            if (!planned.Succeeded)
                return planned.Failure;
            schema = planned.Value.Schema;
            copy = connection.Query(CopyText.Of(sql.Text, planned.Value.Columns, schema, target));
        }

        using (copy)
        {
            var files = CopyResult.Read(copy);
            return new WrittenResult(schema, RemoveEmpty(files, target), files.Sum(file => file.RowCount));
        }
    }

    private Outcome<(IReadOnlyList<NewColumn> Columns, LakeSchema Schema)> Plan(
        DuckConnection connection, string sql, MergePlan plan, TableState? current)
    {
        using var statement = connection.Prepare(sql);
        if (statement.Type != DuckStatementType.Select)
            return Failure.Invalid("a pipeline must be a SELECT: its result is what is written");
        var columns = LakeColumns.Of(errors.Scrub(statement.Columns));
        if (!columns.Succeeded)
            return columns.Failure;
        var schema = plan == MergePlan.Append && current is not null
            ? SchemaAssignment.Append(current, columns.Value)
            : SchemaAssignment.Replace(current, columns.Value);
        return schema.Succeeded ? (columns.Value, schema.Value) : schema.Failure;
    }

    // A COPY of no rows still writes a file.
    private static List<WrittenFile> RemoveEmpty(IReadOnlyList<WrittenFile> files, StagingTarget target)
    {
        foreach (var empty in files.Where(file => file.RowCount == 0))
            File.Delete(Path.Combine(target.DataFolder, empty.FileName));
        return [.. files.Where(file => file.RowCount > 0)];
    }
}

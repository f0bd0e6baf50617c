using Rat.Engine.Duck;
using Rat.Engine.Merging.Strategies;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Relations;

/// <summary>The columns of a table as a run will leave it.</summary>
/// <param name="Width">How many columns the result has.</param>
/// <param name="RewritesFiles">The type of a column changes so that no file may stay as it is.</param>
internal sealed record TargetColumns(LakeSchema Schema, IReadOnlyList<TargetColumn> List, int Width, bool RewritesFiles)
{
    /// <summary>The result as a relation of all columns; those that it lacks are NULL.</summary>
    public string Rows(string sql)
    {
        var values = List.Select(column => $"CAST({column.Value ?? "NULL"} AS {column.SqlType}) AS {column.Alias}");
        // The statement begins on the line of what is around it, so that the lines in DuckDB's messages are the user's; a line feed ends its
        // last comment.
        return $"SELECT {string.Join(", ", values)} FROM {ResultText.Of(sql, Width)}";
    }

    /// <summary>What becomes of the columns of a table that is there already, a line each.</summary>
    public IEnumerable<string> Changes
    {
        get
        {
            if (List.All(column => column.Old is null))
                yield break;
            foreach (var column in List)
            {
                var (name, type) = (LakeTypeText.Quote(column.Field.Name), LakeTypeText.ToSql(column.Field.Type));
                if (column.Old is null)
                    yield return $"Column {name} {type} is added: NULL in the rows before";
                else if (!FieldIds.Same(column.Old.Type, column.Field.Type))
                    yield return $"Column {name} becomes {type}, it was {LakeTypeText.ToSql(column.Old.Type)}{(column.IsRewritten ? ": all files are written again" : "")}";
            }
        }
    }

    /// <returns><see cref="FailureKind.Invalid"/> when the statement is no SELECT, lacks the strategy's key, has one of its columns already or
    /// two of one name, or when a type doesn't fit the table's.</returns>
    /// <exception cref="DuckException">The statement doesn't bind.</exception>
    public static Outcome<TargetColumns> Of(
        DuckConnection connection, string sql, IMergeStrategy strategy, TableState? table, ErrorTexts errors)
    {
        using var statement = connection.Prepare(sql);
        if (statement.Type != DuckStatementType.Select)
            return Failure.Invalid("a pipeline must be a SELECT: its result is what is written");
        var result = errors.Scrub(statement.Columns);
        var columns = LakeColumns.Of(result);
        if (!columns.Succeeded)
            return columns.Failure;
        if (Check(strategy, columns.Value) is { } failure)
            return failure;

        var batch = strategy.ReplacesTable || table is null
            ? columns.Value
            : new UntypedColumns(connection, sql, result).TypeLike(table, columns.Value);
        List<NewColumn> all = [.. batch, .. strategy.Added.Select(added => new NewColumn(added.Name, added.Type))];
        var plan = strategy.ReplacesTable || table is null
            ? new SchemaPlan(SchemaAssignment.Replace(table, all), [])
            : SchemaAssignment.Merge(table, all);
        return plan.Succeeded ? Of(plan.Value, strategy, table, columns.Value) : plan.Failure;
    }

    private static TargetColumns Of(SchemaPlan plan, IMergeStrategy strategy, TableState? table, IReadOnlyList<NewColumn> result)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, column) in result.Index())
            values.Add(column.Name, $"r{index}");
        foreach (var added in strategy.Added)
            values.Add(added.Name, added.Sql);

        var old = table?.Schema.Fields.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase) ?? [];
        return new TargetColumns(
            plan.Schema,
            [.. plan.Schema.Fields.Select((field, position) => new TargetColumn(
                position, field, values.GetValueOrDefault(field.Name), old.GetValueOrDefault(field.Name))
            {
                IsOfResult = result.Any(column => FieldIds.SameName(column.Name, field.Name)),
            })],
            result.Count,
            plan.RewritesFiles);
    }

    private static Failure? Check(IMergeStrategy strategy, IReadOnlyList<NewColumn> result)
    {
        foreach (var key in strategy.Key.Columns)
        {
            if (!Has(result, key))
                return Missing(strategy.Key.Setting, key, result);
        }

        foreach (var (index, added) in strategy.Added.Index())
        {
            if (Has(result, added.Name))
            {
                return Failure.Invalid(
                    $"{added.Setting}: the result has a column {LakeTypeText.Quote(added.Name)}, which the strategy fills itself: leave it out, or give "
                    + $"{added.Setting} another name");
            }

            if (strategy.Added.Take(index).FirstOrDefault(other => FieldIds.SameName(other.Name, added.Name)) is { } other)
                return Failure.Invalid($"{other.Setting} and {added.Setting} are both {LakeTypeText.Quote(added.Name)}: they must be two columns");
        }

        return null;
    }

    /// <summary>What a setting is told that names a column which the result doesn't have.</summary>
    public static Failure Missing(string setting, string column, IReadOnlyList<NewColumn> result) => Failure.Invalid(
        $"{setting}: the result has no column {LakeTypeText.Quote(column)}; it has "
        + string.Join(", ", result.Select(other => LakeTypeText.Quote(other.Name))));

    private static bool Has(IReadOnlyList<NewColumn> result, string name) => result.Any(column => FieldIds.SameName(column.Name, name));
}

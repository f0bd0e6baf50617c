namespace Rat.Storage.Lake;

/// <summary>A column of a result that is to be written. All field ids in its type are 0.</summary>
internal sealed record NewColumn(string Name, LakeType Type);

/// <summary>The schema of a table that keeps its rows, and what of them must be written again.</summary>
/// <param name="Rewritten">Columns whose type becomes one that Iceberg doesn't promote the old one to: they have a new field id, so every row
/// that stays is to be copied into new files, these columns cast from the old field's values to the new one's type. Empty as a rule.</param>
internal sealed record SchemaPlan(LakeSchema Schema, IReadOnlyList<RewrittenColumn> Rewritten)
{
    /// <summary>True when no file of the table may stay.</summary>
    public bool RewritesFiles => Rewritten.Count > 0;
}

/// <summary>A column that moves from one field id to another.</summary>
internal sealed record RewrittenColumn(LakeField Old, LakeField New);

/// <summary>Gives the columns of a result their field ids. Names that differ only in case are one name, as they are for DuckDB.</summary>
internal static class SchemaAssignment
{
    /// <summary>
    /// The schema of a table that is replaced as a whole: exactly these columns. A column, or a field inside one, that keeps its name and its
    /// type keeps its id; every other one gets an id that the table has never used.
    /// </summary>
    public static LakeSchema Replace(TableState? current, IReadOnlyList<NewColumn> columns)
    {
        var ids = new FieldIds(current?.LastColumnId ?? 0);
        return Number(current, ids.Assign(current?.Schema.Fields ?? [], columns.Select(column => new LakeField(0, column.Name, column.Type))));
    }

    /// <summary>As <see cref="Merge"/>, for a table none of whose files is written again.</summary>
    public static Outcome<LakeSchema> Append(TableState current, IReadOnlyList<NewColumn> columns)
    {
        var plan = Merge(current, columns);
        if (!plan.Succeeded)
            return plan.Failure;
        return plan.Value.Rewritten is [var first, ..]
            ? DoesNotFit(first.Old, columns.First(column => FieldIds.SameName(column.Name, first.Old.Name)))
            : plan.Value.Schema;
    }

    /// <summary>
    /// The schema of a table that keeps its rows. Columns are matched by name; those of the table come first, in its order and spelling, also
    /// when the batch lacks them. Each column of the batch is to be cast to the type that it has here.
    /// </summary>
    /// <returns><see cref="FailureKind.Invalid"/> for a column whose two types have no common one, for a name that the batch has twice, and
    /// for a column that the table is partitioned by and that would have to be written again.</returns>
    public static Outcome<SchemaPlan> Merge(TableState current, IReadOnlyList<NewColumn> columns)
    {
        var twice = columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            return Failure.Invalid($"column {LakeTypeText.Quote(twice.Key)}: the result has two columns of that name");

        var batch = columns.ToDictionary(column => column.Name, StringComparer.OrdinalIgnoreCase);
        var ids = new FieldIds(current.LastColumnId);
        var fields = new List<LakeField>();
        var rewritten = new List<RewrittenColumn>();
        foreach (var field in current.Schema.Fields)
        {
            if (!batch.Remove(field.Name, out var column))
            {
                fields.Add(field);
            }
            else if (TypeUnion.Of(field.Type, column.Type, ids) is { } type)
            {
                fields.Add(field with { Type = type });
            }
            else if (CommonType.Of(field.Type, column.Type) is { } common)
            {
                if (current.Spec.Fields.Any(part => part.SourceId == field.Id))
                    return IsPartitionedBy(field, column);
                rewritten.Add(new RewrittenColumn(field, ids.New(field.Name, common)));
                fields.Add(rewritten[^1].New);
            }
            else
            {
                return DoesNotFit(field, column);
            }
        }

        foreach (var column in columns.Where(column => batch.ContainsKey(column.Name)))
            fields.Add(ids.New(column.Name, column.Type));
        return new SchemaPlan(Number(current, fields), rewritten);
    }

    private static Failure IsPartitionedBy(LakeField field, NewColumn column) => Failure.Invalid(
        $"column {LakeTypeText.Quote(field.Name)}: the table has {LakeTypeText.ToSql(field.Type)} and is partitioned by it, the result has "
        + $"{LakeTypeText.ToSql(column.Type)}: a full_refresh is needed to change it");

    private static Failure DoesNotFit(LakeField field, NewColumn column)
    {
        var (table, result) = (LakeTypeText.ToSql(field.Type), LakeTypeText.ToSql(column.Type));
        return Failure.Invalid($"column {LakeTypeText.Quote(field.Name)}: the table has {table}, the result has {result}, which doesn't fit into it");
    }

    // A schema that is the same as the current one is the current one.
    private static LakeSchema Number(TableState? current, IReadOnlyList<LakeField> fields)
    {
        if (current is null)
            return new LakeSchema(0, fields);
        var same = current.Schema with { Fields = fields };
        return SchemaJson.ToText(same) == SchemaJson.ToText(current.Schema) ? current.Schema : new LakeSchema(current.LastSchemaId + 1, fields);
    }
}

namespace Rat.Engine.Duck.Types;

/// <summary>Prepares a SELECT some of whose columns can't be read from vectors, wrapped so that those are cast (see
/// <see cref="ReadableType"/>).</summary>
internal static class WithCasts
{
    /// <param name="columns">Of the statement as it is.</param>
    public static DuckStatement Prepare(DuckConnection connection, string sql, IReadOnlyList<DuckColumn> columns)
    {
        var wrapped = DuckStatement.PrepareAsIs(connection, Wrap(WithoutTerminator(connection, sql), columns));
        return wrapped.WithColumns(columns);
    }

    private static string Wrap(string sql, IReadOnlyList<DuckColumn> columns)
    {
        var names = columns.Select((_, i) => $"c{i}");
        var values = columns.Select((column, i) => ReferenceEquals(column.Type, column.VectorType) ? $"c{i}" : $"CAST(c{i} AS {column.VectorType.Name})");
        // The bracket stands on a line of its own: the statement may end in a comment.
        return $"""
            SELECT {string.Join(", ", values)} FROM (
            {sql}
            ) AS t({string.Join(", ", names)})
            """;
    }

    /// <summary>Cuts at the semicolon that ends the statement. Where that is, DuckDB says: the one after which it finds no statement.</summary>
    private static string WithoutTerminator(DuckConnection connection, string sql)
    {
        for (var i = sql.LastIndexOf(';'); i >= 0; i = i == 0 ? -1 : sql.LastIndexOf(';', i - 1))
        {
            if (DuckStatement.IsEmpty(connection, sql[(i + 1)..]))
                return sql[..i];
        }

        return sql;
    }
}

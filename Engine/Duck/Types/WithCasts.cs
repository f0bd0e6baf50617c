namespace Rat.Engine.Duck.Types;

/// <summary>Prepares a SELECT some of whose columns can't be read from vectors, wrapped so that those are cast (see
/// <see cref="ReadableType"/>).</summary>
internal static class WithCasts
{
    private const int MostTerminators = 32;

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

    /// <summary>Cuts at the semicolon that ends the statement. Where that is, DuckDB says: the first of those after which it finds nothing.
    /// Each is asked for, so only some are: a text that was gated has none at its end.</summary>
    private static string WithoutTerminator(DuckConnection connection, string sql)
    {
        var end = sql.Length;
        for (var (at, tries) = (sql.LastIndexOf(';'), 0); at >= 0 && tries < MostTerminators; at = sql[..at].LastIndexOf(';'), tries++)
        {
            if (DuckStatement.IsEmpty(connection, sql[(at + 1)..]))
                end = at;
        }

        return sql[..end];
    }
}

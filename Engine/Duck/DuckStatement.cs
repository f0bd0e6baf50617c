using DuckDB.NET.Native;
using Rat.Engine.Duck.Interop;
using Rat.Engine.Duck.Types;

namespace Rat.Engine.Duck;

/// <summary>A statement that parsed and bound.</summary>
internal sealed class DuckStatement : IDisposable
{
    private readonly DuckConnection _connection;
    private readonly DuckDBPreparedStatement _native;

    private DuckStatement(DuckConnection connection, DuckDBPreparedStatement native, DuckStatementType type, IReadOnlyList<DuckColumn> columns)
    {
        _connection = connection;
        _native = native;
        Type = type;
        Columns = columns;
    }

    public DuckStatementType Type { get; }

    /// <summary>The columns of its result, before it runs. For statements without rows it is one that counts, or none.</summary>
    public IReadOnlyList<DuckColumn> Columns { get; }

    /// <exception cref="DuckException">It is none, or more than one, or doesn't parse or bind.</exception>
    public static DuckStatement Prepare(DuckConnection connection, string sql)
    {
        var statement = PrepareAsIs(connection, sql);
        if (statement.Type != DuckStatementType.Select || statement.Columns.All(column => ReferenceEquals(column.Type, column.VectorType)))
            return statement;
        using (statement)
            return WithCasts.Prepare(connection, sql, statement.Columns);
    }

    /// <summary>Begins to execute. The plan is fixed when this returns: views that are replaced later change nothing.</summary>
    /// <exception cref="DuckException"/>
    public DuckResult Start()
    {
        _connection.ThrowIfInterrupted();
        _connection.RowsRead = 0;
        if (PendingResults.Start(_native, out var pending) == DuckDBState.Success)
            return new DuckResult(_connection, pending, Columns);
        using (pending)
            throw _connection.Failed(NativeText.Read(PendingResults.Error(pending)));
    }

    public void Dispose() => _native.Dispose();

    /// <summary>The same statement, whose columns are told to be others.</summary>
    public DuckStatement WithColumns(IReadOnlyList<DuckColumn> columns) => new(_connection, _native, Type, columns);

    public static DuckStatement PrepareAsIs(DuckConnection connection, string sql)
    {
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(connection.Native, sql, out var extracted);
        using (extracted)
        {
            if (count == 0 && NativeMethods.ExtractStatements.DuckDBExtractStatementsError(extracted) is { Length: > 0 } error)
                throw connection.Refused(error);
            if (count != 1)
                throw new DuckException($"Parser Error: exactly one statement is expected, the text has {count}");
            var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(connection.Native, extracted, 0, out var prepared);
            // Nothing may be asked of a statement whose prepare failed but its error: its type, for one, would abort the process.
            if (state == DuckDBState.Success)
                return new DuckStatement(connection, prepared, PreparedStatements.Type(prepared), ReadColumns(prepared));
            using (prepared)
                throw connection.Refused(NativeMethods.PreparedStatements.DuckDBPrepareError(prepared));
        }
    }

    /// <summary>True when the text holds only space and comments.</summary>
    public static bool IsEmpty(DuckConnection connection, string sql)
    {
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(connection.Native, sql, out var extracted);
        using (extracted)
            return count == 0 && NativeMethods.ExtractStatements.DuckDBExtractStatementsError(extracted) is not { Length: > 0 };
    }

    private static IReadOnlyList<DuckColumn> ReadColumns(DuckDBPreparedStatement prepared)
    {
        var names = new string[PreparedStatements.ColumnCount(prepared)];
        var types = new DuckType[names.Length];
        for (var i = 0UL; i < (ulong)names.Length; i++)
        {
            names[i] = NativeText.Take(PreparedStatements.ColumnName(prepared, i)) ?? "";
            types[i] = DuckTypeReader.Take(PreparedStatements.ColumnType(prepared, i));
        }

        return DuckColumn.List(names, types);
    }
}

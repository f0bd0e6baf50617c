using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rat.Storage.Metadata;

/// <summary>
/// The statements that a connection has prepared for lists. Preparing one costs as much as reading a page, and lists are asked for with the same
/// few statements again and again. For one thread at a time, like the connection.
/// </summary>
internal sealed class PreparedStatements
{
    // Filters and orders can be combined in thousands of ways, and a statement takes some kilobytes.
    private const int MostKept = 40;

    private static readonly ConditionalWeakTable<SqliteConnection, PreparedStatements> All = [];

    private readonly Dictionary<string, Statement> _idle = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;

    private PreparedStatements(SqliteConnection connection)
    {
        _connection = connection;
        connection.Disposed += (_, _) => Clear();
    }

    public static PreparedStatements Of(SqliteConnection connection) => All.GetValue(connection, static connection => new PreparedStatements(connection));

    public Statement Take(string sql)
    {
        if (_idle.Remove(sql, out var kept))
            return kept;
        var database = _connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var handle), database);
        return new Statement(this, sql, database, handle);
    }

    public void Return(Statement statement)
    {
        if (_idle.Count >= MostKept)
            Clear();
        if (!_idle.TryAdd(statement.Sql, statement))
            statement.Close();
    }

    private void Clear()
    {
        foreach (var statement in _idle.Values)
            statement.Close();
        _idle.Clear();
    }
}

/// <summary>How a store comes to a statement.</summary>
internal static class PreparedStatementsOfConnection
{
    /// <summary>A statement for what is read often, to be disposed once it was read.</summary>
    /// <param name="sql">One statement.</param>
    public static Statement Prepared(this SqliteConnection connection, string sql) => PreparedStatements.Of(connection).Take(sql);
}

using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rat.Storage.Metadata;

/// <summary>A read transaction held open: every read through <see cref="Connection"/> sees the same state.</summary>
internal sealed class MetadataSnapshot : IDisposable
{
    private readonly Action<SqliteConnection> _giveBack;

    public MetadataSnapshot(SqliteConnection connection, Action<SqliteConnection> giveBack)
    {
        Connection = connection;
        _giveBack = giveBack;
        Execute("BEGIN");
        // A deferred transaction takes its snapshot at its first read, not at BEGIN.
        Execute("SELECT 1 FROM sqlite_schema LIMIT 1");
    }

    public SqliteConnection Connection { get; }

    public void Dispose()
    {
        // SQLite ends a transaction by itself at an I/O error.
        if (raw.sqlite3_get_autocommit(Connection.Handle) == 0)
            Execute("ROLLBACK");
        _giveBack(Connection);
    }

    private void Execute(string sql)
    {
        using var statement = Connection.Prepared(sql);
        statement.Read();
    }
}

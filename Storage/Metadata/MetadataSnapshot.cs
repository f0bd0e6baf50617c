using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A read transaction held open: every read through <see cref="Connection"/> sees the same state.</summary>
internal sealed class MetadataSnapshot : IDisposable
{
    private readonly Action<SqliteConnection> _giveBack;
    private readonly SqliteTransaction _transaction;

    public MetadataSnapshot(SqliteConnection connection, Action<SqliteConnection> giveBack)
    {
        Connection = connection;
        _giveBack = giveBack;
        _transaction = connection.BeginTransaction(deferred: true);
        // A deferred transaction takes its snapshot at its first read, not at BEGIN.
        using var pin = connection.CreateCommand();
        pin.CommandText = "SELECT 1 FROM sqlite_schema LIMIT 1";
        pin.ExecuteScalar();
    }

    public SqliteConnection Connection { get; }

    public void Dispose()
    {
        _transaction.Dispose();
        _giveBack(Connection);
    }
}

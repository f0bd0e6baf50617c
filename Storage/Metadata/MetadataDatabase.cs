using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>
/// The metadata of one data directory in SQLite: write-ahead log, <c>synchronous=FULL</c>, one writer, any number of readers that each see
/// one consistent state. What a write answered is on disk.
/// </summary>
internal sealed class MetadataDatabase : IDisposable
{
    // Each holds two files and up to 2 MB of pages. Who needs more at once opens them, and closes them again.
    private static readonly int MostIdleReaders = Math.Clamp(2 * Environment.ProcessorCount, 4, 16);

    private readonly string _connectionString;
    private readonly MetadataWriter _writer;
    private readonly IdleReaders _readers = new(MostIdleReaders);

    private MetadataDatabase(string connectionString, SqliteConnection writing)
    {
        _connectionString = connectionString;
        _writer = new MetadataWriter(writing);
        Writing = writing;
    }

    private static Failure Lost => Failure.Unavailable(
        "the metadata database rat.db is missing or empty, but objects/ and lake/ hold files: put it back, or choose another data directory");

    /// <summary>SQLite's write-ahead log.</summary>
    public string Log => $"{Writing.DataSource}-wal";

    private SqliteConnection Writing { get; }

    /// <summary>Opens or creates the database and brings its schema up to date. A newer or damaged one is refused and left as it is.</summary>
    /// <param name="mayBeNew">False when there are files that only a database can name: with an empty one in its place they would be swept.</param>
    public static Outcome<MetadataDatabase> Open(string path, bool mayBeNew)
    {
        if (!mayBeNew && new FileInfo(path) is not { Exists: true, Length: > 0 })
            return Lost;
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString();
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            if ((Migrations.Check(connection) ?? (!mayBeNew && Migrations.IsEmpty(connection) ? Lost : null)) is { } refused)
            {
                connection.Dispose();
                return refused;
            }

            Configure(connection);
            Migrations.Apply(connection);
            return new MetadataDatabase(connectionString, connection);
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            return Unusable(exception);
        }
    }

    /// <summary>Why a server can't start with this database.</summary>
    public static Failure Unusable(SqliteException exception)
    {
        const int IoError = 10; // SQLITE_IOERR, what a full disk is when it is memory shared between processes that can't be made larger
        var hint = exception.SqliteErrorCode == IoError || FullDisk.Caused(exception) ? " Is the disk full?" : "";
        return Failure.Unavailable($"the metadata database rat.db can't be used: {exception.Message}{hint}");
    }

    /// <summary>Runs <paramref name="work"/> inside the writer's transaction and answers when it is durable. A work that throws leaves
    /// nothing; one that returns a failure must not have changed anything.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation = default) => _writer.WriteAsync(work, cancellation);

    /// <summary>Like <see cref="WriteAsync"/> for what nobody waits for: it shares the transaction of the next write, see
    /// <see cref="MetadataWriter.RideAsync"/>.</summary>
    public Task<T> RideAsync<T>(Func<SqliteConnection, T> work) => _writer.RideAsync(work);

    /// <inheritdoc cref="MetadataWriter.Observe"/>
    public void Observe(ICommitObserver? observer) => _writer.Observe(observer);

    /// <summary>What was read of these tables after this was asked for stays true as long as it doesn't change: it does with every write to one
    /// of them, before the write is answered.</summary>
    public long Version(ListedTables tables) => _writer.Version(tables);

    /// <summary>Reads one consistent state.</summary>
    public T Read<T>(Func<SqliteConnection, T> work)
    {
        using var snapshot = OpenSnapshot();
        return work(snapshot.Connection);
    }

    /// <summary>A consistent state that stays the same over several reads, until disposed. Hold it briefly: it keeps the log from shrinking.</summary>
    public MetadataSnapshot OpenSnapshot()
    {
        var connection = _readers.TryTake();
        if (connection is null)
        {
            connection = new SqliteConnection(_connectionString);
            connection.Open();
            Configure(connection);
        }

        return new MetadataSnapshot(connection, _readers.Keep);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _readers.Dispose();
        Writing.Dispose();
    }

    private static void Configure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA busy_timeout = 5000;
            """;
        command.ExecuteNonQuery();
    }
}

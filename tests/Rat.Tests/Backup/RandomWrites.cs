using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Tests.Backup;

/// <summary>Random work for a database: small and large transactions, works that throw, tables that come and go, checkpoints of every kind.</summary>
internal sealed class RandomWrites(MetadataDatabase database, string path, int seed)
{
    private const int MostTables = 4;

    private readonly Random _random = new(seed);

    /// <summary>Several works at once, so that some share a transaction.</summary>
    public async Task StepAsync()
    {
        var works = Enumerable.Range(0, _random.Next(1, 8)).Select(_ => Work()).ToList();
        var written = works.Select(work => database.WriteAsync(connection => work(connection))).ToList();
        foreach (var task in written)
        {
            try
            {
                await task;
            }
            catch (InvalidOperationException)
            {
                // It was asked to.
            }
        }

        if (_random.Next(6) == 0)
            Checkpoint(_random.Next(3) switch { 0 => "PASSIVE", 1 => "RESTART", _ => "TRUNCATE" });
    }

    private Func<SqliteConnection, int> Work()
    {
        var table = $"filler_{_random.Next(MostTables)}";
        var (rows, size, limit) = (_random.Next(1, 30), _random.Next(1, 6000), _random.Next(1, 200));
        var create = $"CREATE TABLE IF NOT EXISTS {table} (id INTEGER PRIMARY KEY, content BLOB, text TEXT); CREATE INDEX IF NOT EXISTS {table}_text ON {table} (text);";
        // Randomness of SQLite's own would be another one at each run.
        var content = Convert.ToHexString(RandomBytes(size));
        var insert = $"""
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
            INSERT INTO {table} (content, text) SELECT x'{content}', i || substr('{content}', i, 40) FROM n;
            """;
        switch (_random.Next(12))
        {
            case < 5:
                return connection => Execute(connection, create + insert);
            case < 7:
                return connection => Execute(connection, $"{create} DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY text LIMIT {limit})");
            case < 9:
                return connection => Execute(connection, $"{create} UPDATE {table} SET text = text || '{limit}' WHERE id % 7 = {limit % 7}");
            case 9:
                return connection => Execute(connection, $"DROP TABLE IF EXISTS {table}");
            case 10:
                // More than the page cache holds: its pages are in the log before it ends.
                return connection => Execute(connection, create + string.Concat(Enumerable.Repeat(insert.Replace($"i < {rows}", "i < 400", StringComparison.Ordinal), 2)));
            default:
                return connection =>
                {
                    Execute(connection, create + string.Concat(Enumerable.Repeat(insert.Replace($"i < {rows}", "i < 500", StringComparison.Ordinal), 2)));
                    throw new InvalidOperationException("asked for");
                };
        }
    }

    private void Checkpoint(string kind)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        Execute(connection, $"PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint({kind})");
    }

    private byte[] RandomBytes(int size)
    {
        var bytes = new byte[size];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}

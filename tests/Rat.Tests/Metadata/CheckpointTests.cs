using Microsoft.Data.Sqlite;
using Rat.Storage;

namespace Rat.Tests.Metadata;

/// <summary>SQLite's log goes back into the database while nobody waits, and stays small when there is never such a moment.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Page = 4096;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-checkpoint-");
    private readonly OpenedStorage _storage;

    public CheckpointTests() => _storage = OpenedStorage.Open(_folder.FullName).Value;

    private FileInfo Database => new(Path.Combine(_folder.FullName, "rat.db"));
    private FileInfo Log => new(Path.Combine(_folder.FullName, "rat.db-wal"));

    public void Dispose()
    {
        _storage.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_pause_copies_the_log_into_the_database()
    {
        // Far less than the thousand pages at which SQLite begins by itself.
        const int writes = 50;
        await WriteAsync(connection => Execute(connection, "CREATE TABLE filler (content BLOB NOT NULL)"));
        for (var number = 0; number < writes; number++)
            await WriteAsync(connection => Execute(connection, $"INSERT INTO filler VALUES (randomblob({Page * 2}))"));

        for (var tries = 0; tries < 200 && Database.Length < writes * 2 * Page; tries++)
            await Task.Delay(25);

        Assert.InRange(Database.Length, writes * 2 * Page, long.MaxValue);
    }

    [Fact]
    public async Task Without_a_pause_the_log_stays_bounded()
    {
        await WriteAsync(connection => Execute(connection, "CREATE TABLE filler (content BLOB NOT NULL)"));
        var last = Task.FromResult(0);
        // Always one more in the queue.
        for (var number = 0; number < 400; number++)
        {
            var next = WriteAsync(connection => Execute(connection, $"INSERT INTO filler VALUES (randomblob({Page * 40}))"));
            await last;
            last = next;
        }

        await last;
        Assert.InRange(Database.Length, 30_000_000, long.MaxValue);
        Assert.InRange(Log.Length, 1, 12_000_000);
    }

    private Task<int> WriteAsync(Func<SqliteConnection, int> work) => _storage.Database.WriteAsync(work);

    private static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}

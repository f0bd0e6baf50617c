using Microsoft.Data.Sqlite;

namespace Rat.Storage.Backup;

/// <summary>The whole database as an object of a backup, in a file that is gone once this is disposed.</summary>
internal sealed class BaseImage : IDisposable
{
    private readonly string _path;

    private BaseImage(string path) => _path = path;

    public long Length => new FileInfo(_path).Length;

    /// <summary>Makes it of the state that a connection sees. It takes about the size of the database in <paramref name="temporary"/>, twice.</summary>
    /// <exception cref="SqliteException">The database can't be read, or not be written.</exception>
    /// <exception cref="IOException">It can't be written.</exception>
    public static BaseImage Make(SqliteConnection source, string temporary, BackupObject name, long run, DateTimeOffset at, CancellationToken cancellation)
    {
        var copy = Path.Combine(temporary, $"backup-{Guid.NewGuid():N}");
        var image = new BaseImage($"{copy}.pages");
        try
        {
            Copy(source, copy);
            image.Pack(copy, name, run, at, cancellation);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Copies the state that a connection sees into a file, page for page. Not durable by itself.</summary>
    public static void Copy(SqliteConnection source, string path)
    {
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        target.Open();
        using (var command = target.CreateCommand())
        {
            // Whoever breaks off begins again with another file.
            command.CommandText = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF";
            command.ExecuteNonQuery();
        }

        source.BackupDatabase(target);
    }

    public Stream Open() => new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);

    public void Dispose() => File.Delete(_path);

    private void Pack(string copy, BackupObject name, long run, DateTimeOffset at, CancellationToken cancellation)
    {
        using var database = new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17);
        var pageSize = PageSizeOf(database);
        var pages = (uint)(database.Length / pageSize);
        using var target = new FileStream(_path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 17);
        using var writer = new PageSetWriter(target, new PageSetHeader(name, run, pageSize, pages, pages, at));
        var page = new byte[pageSize];
        for (uint i = 1; i <= pages; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            database.ReadExactly(page);
            writer.Add(i, page);
        }

        writer.Finish();
    }

    // Offset 16 of a database, big-endian; 1 stands for 65536 (https://www.sqlite.org/fileformat2.html#page_size).
    private static int PageSizeOf(FileStream database)
    {
        Span<byte> size = stackalloc byte[2];
        database.Position = 16;
        database.ReadExactly(size);
        database.Position = 0;
        var value = (size[0] << 8) | size[1];
        return value == 1 ? 65536 : value;
    }
}

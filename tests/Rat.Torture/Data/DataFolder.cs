using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Rat.Torture.Data;

/// <summary>What a data directory holds, against what is named in it.</summary>
/// <param name="Unnamed">Files below lake/, objects/ and tmp/ that nothing names.</param>
/// <param name="Broken">Files that are named but are not there, or have another size.</param>
/// <param name="Waiting">Files of expired versions, which are removed once nobody reads them and at the latest by the next start.</param>
internal sealed record FolderState(IReadOnlyList<string> Unnamed, IReadOnlyList<string> Broken, IReadOnlyList<string> Waiting);

/// <summary>A server's data directory, read behind its back.</summary>
internal sealed class DataFolder(string root)
{
    public string Root => root;

    public string Database => Path.Combine(root, "rat.db");

    public string Lake => Path.Combine(root, "lake");

    public string ObjectPath(string key) => Path.Combine(root, "objects", key);

    /// <summary>The state of a directory whose server is idle or gone.</summary>
    public FolderState Read()
    {
        var present = Files("lake").Concat(Files("objects")).Concat(Files("tmp")).Where(path => !TableFiles.IsHint(path)).ToHashSet();
        var named = new HashSet<string>();
        var broken = new List<string>();
        foreach (var file in Named())
        {
            if (!named.Add(file.Path))
                continue;
            if (!present.Contains(file.Path))
                broken.Add($"{file.Path} is named but not there");
            else if (file.Size is { } size && new FileInfo(file.Path).Length != size)
                broken.Add($"{file.Path} has {new FileInfo(file.Path).Length} bytes, not {size}");
        }

        var waiting = Select("SELECT path FROM lake_expired_files").Select(row => Path.Combine(Lake, row[0])).Where(present.Contains).ToList();
        return new FolderState([.. present.Except(named).Except(waiting).Order(StringComparer.Ordinal)], broken, waiting);
    }

    /// <summary>The rows of a statement on <c>rat.db</c>. A copy is read: the log of a server that died is only its successor's to fold in.</summary>
    public IReadOnlyList<string[]> Select(string sql)
    {
        var copy = Directory.CreateTempSubdirectory("rat-torture-db-");
        try
        {
            foreach (var suffix in (string[])["", "-wal"])
            {
                if (File.Exists(Database + suffix))
                    File.Copy(Database + suffix, Path.Combine(copy.FullName, "rat.db" + suffix));
            }

            return Select(Path.Combine(copy.FullName, "rat.db"), sql);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    /// <summary>The rows of a statement on <c>rat.db</c> while its server is alive.</summary>
    public IReadOnlyList<string[]> SelectLive(string sql) => Select(Database, sql, SqliteOpenMode.ReadOnly);

    /// <summary>Every file with its content's hash, for comparison. The lock file's content means nothing.</summary>
    public IReadOnlyDictionary<string, string> Fingerprint() =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) != "rat.lock")
            .ToDictionary(path => Path.GetRelativePath(root, path), path => Hash(File.ReadAllBytes(path)));

    public static string Hash(ReadOnlySpan<byte> content) => Convert.ToHexString(SHA256.HashData(content));

    private IEnumerable<NamedFile> Named()
    {
        foreach (var row in Select("SELECT object_key, size FROM files"))
            yield return new NamedFile(ObjectPath(row[0]), long.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture));
        foreach (var row in Select("SELECT metadata_location FROM iceberg_tables"))
        {
            foreach (var file in TableFiles.Of(Path.Combine(Lake, TableFiles.LocalPath(row[0]))))
                yield return file;
        }
    }

    private static List<string[]> Select(string database, string sql, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        var address = new SqliteConnectionStringBuilder { DataSource = database, Pooling = false, Mode = mode };
        using var connection = new SqliteConnection(address.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : reader.GetString(column))]);
        return rows;
    }

    private IEnumerable<string> Files(string folder)
    {
        var path = Path.Combine(root, folder);
        return Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [];
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Tests.Kept;

namespace Rat.Tests.BadInput;

/// <summary>
/// Everything that a server keeps, as one text to compare: each row of each table, each file with size and time. Left out are the audit and
/// <c>source_refs</c>, which lineage fills by being read and which says nothing that the sources don't.
/// </summary>
internal sealed class ServerState : IDisposable
{
    private readonly string _directory;
    private readonly SqliteConnection _connection;

    public ServerState(string directory)
    {
        _directory = directory;
        _connection = new SqliteConnection($"Data Source={Path.Combine(directory, "rat.db")};Mode=ReadOnly;Pooling=False");
        _connection.Open();
    }

    /// <summary>One line per table and per file.</summary>
    public IReadOnlyList<string> Read() => [.. Tables().Select(table => $"{table} {RowsOf(table)}"), .. Files()];

    public void Dispose() => _connection.Dispose();

    private List<string> Tables()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = """
            SELECT name FROM sqlite_schema
            WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%audit%' AND name <> 'source_refs' ORDER BY name
            """;
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
            names.Add(reader.GetString(0));
        return names;
    }

    private string RowsOf(string table)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT * FROM \"{table}\"";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture),
            })));
        }

        rows.Sort(StringComparer.Ordinal);
        return $"{rows.Count} rows {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))[..16]}";
    }

    private IEnumerable<string> Files() => KeptFiles.Of(_directory).Everything().Concat(
        from file in new DirectoryInfo(Path.Combine(_directory, "tmp")).EnumerateFiles("*", SearchOption.AllDirectories)
        where !file.FullName.Contains("spill-", StringComparison.Ordinal)
        orderby file.FullName
        select $"{Path.GetRelativePath(_directory, file.FullName)} {file.Length} {file.LastWriteTimeUtc.Ticks}");
}

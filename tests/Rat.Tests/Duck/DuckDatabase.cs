using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>An instance of DuckDB with a folder of its own, and one connection to it, shared by the tests of a class.</summary>
public sealed class DuckDatabase : IDisposable
{
    public DuckDatabase()
    {
        Allowed = Directory.CreateDirectory(Path.Combine(Folder, "allowed")).FullName;
        Instance = Open(connections: 4);
        Connection = Instance.OpenOwn();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("rat-duck-").FullName;

    /// <summary>The only folder that statements may use.</summary>
    public string Allowed { get; }

    internal DuckInstance Instance { get; }

    internal DuckConnection Connection { get; }

    /// <summary>Another instance beside the shared one.</summary>
    internal DuckInstance Open(int connections, bool profile = false) => DuckInstance.Open(
        new DuckInstanceSettings("tests", 512L << 20, 2, Path.Combine(Folder, "spill"), 1L << 30, [Allowed], connections) { Profile = profile });

    /// <summary>The rows of a statement as the API writes them.</summary>
    internal IReadOnlyList<string> Lines(string sql) => Lines(Connection, sql);

    internal static IReadOnlyList<string> Lines(DuckConnection connection, string sql)
    {
        using var result = connection.Query(sql);
        var writer = new RowJsonWriter(result.Columns);
        var lines = new List<string>();
        var buffer = new ArrayBufferWriter<byte>();
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                buffer.ResetWrittenCount();
                writer.WriteRow(buffer, chunk, row);
                lines.Add(Encoding.UTF8.GetString(buffer.WrittenSpan));
            }
        }

        return lines;
    }

    /// <summary>The rows, parsed: what the writer makes must be JSON.</summary>
    internal IReadOnlyList<JsonNode> Rows(string sql) => [.. Lines(sql).Select(line => JsonNode.Parse(line)!)];

    public void Dispose()
    {
        Connection.Dispose();
        Instance.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Landing;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Tests.Gate;

/// <summary>
/// The gate over a real sandboxed DuckDB, real landing files, and two namespaces with tables: <c>default</c> (bronze.orders, silver.orders,
/// silver.customers, gold.sales, bronze.my-table) and <c>my-ns</c> (silver.orders, gold.x).
/// </summary>
public sealed class OpenGate : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("rat-gate-");
    private readonly OpenedStorage _storage;
    private readonly DuckInstance _instance;
    private readonly DuckConnection _owner;
    private readonly UserFiles _files;

    public OpenGate()
    {
        Folder = Path.Combine(_parent.FullName, "data");
        File.WriteAllText(Outside, "a\nsecret outside\n");
        _storage = OpenedStorage.Open(Folder).Value;
        var objects = DiskObjectStore.Of(_storage.Directory);
        _files = new UserFiles(objects, objects, _storage.Database, TimeProvider.System);
        _instance = DuckInstance.Open(new DuckInstanceSettings(
            "gate", 512L << 20, 2, Path.Combine(_storage.Directory.Temporary, "spill"), 256L << 20, [_storage.Directory.Objects, _storage.Directory.Lake], 2));
        _owner = _instance.OpenOwn();
        Connection = _instance.OpenOwn();
        foreach (var ns in (string[])["default", "my-ns"])
        {
            _owner.Execute($"ATTACH ':memory:' AS {DuckQuote.Identifier(ns)}");
            foreach (var layer in (string[])["bronze", "silver", "gold"])
                _owner.Execute($"CREATE SCHEMA {DuckQuote.Identifier(ns)}.{layer}");
        }

        foreach (var table in Catalog.Tables)
        {
            var name = $"{DuckQuote.Identifier(table.Namespace)}.{table.Layer}.";
            _owner.Execute($"CREATE VIEW {name}{DuckQuote.Identifier(table.Name)} AS SELECT 1 AS id, 'a' AS name, 2.5 AS amount, DATE '2024-01-01' AS day, '{table}' AS origin");
            _owner.Execute($"CREATE VIEW {name}{DuckQuote.Identifier($"{table.Name}@{SampleCatalog.SnapshotId}")} AS SELECT 7 AS id, '{table}@' AS origin");
        }

        Landed("default", "launches", "a.csv", "id,name\n1,one\n2,two\n");
        Landed("default", "launches", "b.csv", "id,name\n3,three\n");
        Landed("default", "launches", "_samples/s.csv", "id,name\n8,sample\n");
        Landed("default", "launches", "_processed/run/p.csv", "id,name\n9,processed\n");
        Landed("default", "events", "e.json", "[{\"k\": 1}]");
        Landed("default", "events", "n.ndjson", "{\"k\": 2}\n{\"k\": 3}\n");
        Landed("my-ns", "other", "o.csv", "id\n5\n");
        Landed("default", "odd", "a*.csv", "v\nstar\n");
        Landed("default", "odd", "ab.csv", "v\nab\n");
        Landed("default", "odd", "r[1].csv", "v\nbracket\n");
        Landed("default", "odd", "q'q.csv", "v\nquote\n");
        Put("default/pipelines/silver/orders/pipeline.sql", "SELECT 'private source'");
        Connection.Execute($"COPY (SELECT 4 AS id) TO '{_storage.Directory.Objects}/parquet' (FORMAT parquet)");
        Put("default/landing/launches/c.parquet", File.ReadAllBytes(Path.Combine(_storage.Directory.Objects, "parquet")));
        File.Delete(Path.Combine(_storage.Directory.Objects, "parquet"));
    }

    public string Folder { get; }

    public string Objects => _storage.Directory.Objects;

    /// <summary>A file that no statement may ever read.</summary>
    public string Outside => Path.Combine(_parent.FullName, "outside.csv");

    internal SqlGate Gate { get; } = new();

    internal DuckConnection Connection { get; }

    internal SampleCatalog Catalog { get; } = new();

    internal MetadataDatabase Database => _storage.Database;

    internal GateScope Scope(string ns = "default") => new(ns, Catalog, new LandingLookup(_storage.Database, _files), ["rat", "lakehouse"]);

    internal Outcome<GatedSql> Admit(string sql, string ns = "default") => Gate.Admit(Connection, sql, Scope(ns));

    /// <summary>The message of a refusal; fails when the statement is let through.</summary>
    internal string Refused(string sql, string ns = "default")
    {
        var outcome = Admit(sql, ns);
        Assert.True(!outcome.Succeeded, $"let through: {sql}");
        Assert.Equal(FailureKind.Invalid, outcome.Failure.Kind);
        return outcome.Failure.Message;
    }

    /// <summary>The rows of a statement that is let through, as text; wrapped as a query is, where it can be.</summary>
    internal IReadOnlyList<string> Rows(string sql, string ns = "default")
    {
        var outcome = Admit(sql, ns);
        Assert.True(outcome.Succeeded, $"refused: {sql}\n{outcome.Failure?.Message}");
        return Run(outcome.Value.CanWrap ? $"SELECT * FROM (\n{outcome.Value.Text}\n) LIMIT 1000" : outcome.Value.Text);
    }

    internal IReadOnlyList<string> Run(string sql)
    {
        using var statement = Connection.Prepare(sql);
        Assert.True(statement.Type is DuckStatementType.Select or DuckStatementType.Explain, $"{statement.Type}: {sql}");
        using var result = statement.Start();
        var rows = new List<string>();
        var writer = new RowJsonWriter(result.Columns);
        var buffer = new ArrayBufferWriter<byte>();
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                buffer.ResetWrittenCount();
                writer.WriteRow(buffer, chunk, row);
                rows.Add(Encoding.UTF8.GetString(buffer.WrittenSpan));
            }
        }

        return rows;
    }

    /// <summary>Every file and folder below the data directory and beside it, with sizes and contents' hashes.</summary>
    internal IReadOnlyList<string> Everything() =>
    [
        .. Directory.EnumerateFileSystemEntries(_parent.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(entry => !entry.Contains("rat.db", StringComparison.Ordinal) && !entry.EndsWith("rat.lock", StringComparison.Ordinal))
            .Select(entry => File.Exists(entry) ? $"{entry} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(entry)))}" : entry),
    ];

    internal void Put(string key, string text) => Put(key, Encoding.UTF8.GetBytes(text));

    public void Dispose()
    {
        Connection.Dispose();
        _owner.Dispose();
        _instance.Dispose();
        _storage.Dispose();
        _parent.Delete(recursive: true);
    }

    private void Landed(string ns, string zone, string name, string text) => Put($"{ns}/landing/{zone}/{name}", text);

    private void Put(string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        Assert.True(_files.PutAsync(key, stream, "text/csv", long.MaxValue, (_, _) => null, CancellationToken.None).GetAwaiter().GetResult().Succeeded);
    }
}

using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Rat.Tests.Lake;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Kept;

/// <summary>What a server keeps of user files and tables, seen from outside. A name is <c>lake/{namespace}/{layer}/…</c> for a file of a table, and
/// the key of the object for a user file. What is replaced or deleted here, a server with a bucket only sees when it has no copy of it.</summary>
internal abstract class KeptFiles
{
    /// <param name="dataDirectory">Of the server.</param>
    public static KeptFiles Of(string dataDirectory) =>
        TestStorage.IsS3 ? new BucketFiles(TestStorage.BucketOf(dataDirectory), dataDirectory) : new FolderFiles(dataDirectory);

    /// <summary>The files of tables below a folder, such as <c>{namespace}/bronze</c>, in order; empty names all.</summary>
    public abstract IReadOnlyList<string> Lake(string folder = "");

    /// <summary>The names of the folders of a layer's tables, such as <c>orders-01ab23cd</c>, in order.</summary>
    /// <param name="layer">Such as <c>{namespace}/bronze</c>.</param>
    public abstract IReadOnlyList<string> TableFolders(string layer);

    /// <summary>The objects of the user files whose keys begin with a prefix, and those that no user file has.</summary>
    public abstract IReadOnlyList<string> Objects(string prefix);

    /// <summary>One line for each file, which is another one once the file was written again.</summary>
    public abstract IReadOnlyList<string> Everything();

    public abstract byte[] Read(string name);

    /// <summary>Replaces a file, or makes one, behind the server's back.</summary>
    public abstract void Write(string name, byte[] bytes);

    public abstract void Delete(string name);

    /// <summary>The name of the file that an address of a table's file means.</summary>
    public abstract string NameOf(string address);

    /// <summary>The address of a table's file, as tables tell it.</summary>
    public abstract string AddressOf(string name);

    public long Length(string name) => Read(name).Length;

    /// <summary>A table as another implementation reads it where it is kept.</summary>
    /// <param name="address">Of its metadata.</param>
    public abstract JsonNode ReadTable(string address);

    /// <summary>Holds a table against Iceberg's specification; fails with what violates it. Returns the counts.</summary>
    public abstract JsonNode CheckTable(string address);

    private sealed class FolderFiles(string root) : KeptFiles
    {
        public override IReadOnlyList<string> Lake(string folder = "") => Below(Path.Combine("lake", folder));

        public override IReadOnlyList<string> TableFolders(string layer) =>
            [.. Directory.GetDirectories(Path.Combine(root, "lake", layer)).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

        public override IReadOnlyList<string> Objects(string prefix) =>
            [.. Below("objects").Select(name => name["objects/".Length..]).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

        public override IReadOnlyList<string> Everything() =>
        [
            .. from name in Below("objects").Concat(Below("lake"))
               let file = new FileInfo(Path.Combine(root, name))
               select $"{name} {file.Length} {file.LastWriteTimeUtc.Ticks}",
        ];

        public override byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

        public override void Write(string name, byte[] bytes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
            File.WriteAllBytes(PathOf(name), bytes);
        }

        public override void Delete(string name) => File.Delete(PathOf(name));

        public override string NameOf(string address) => Path.GetRelativePath(root, new Uri(address).LocalPath);

        public override string AddressOf(string name) => $"file://{PathOf(name)}";

        public override JsonNode ReadTable(string address) => IcebergReaders.Read(new Uri(address).LocalPath);

        public override JsonNode CheckTable(string address) => IcebergReaders.Check(new Uri(address).LocalPath);

        private string PathOf(string name) =>
            Path.Combine(root, name.StartsWith("lake/", StringComparison.Ordinal) ? name : Path.Combine("objects", name));

        private IReadOnlyList<string> Below(string folder)
        {
            var path = Path.Combine(root, folder);
            return Directory.Exists(path)
                ? [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)]
                : [];
        }
    }

    private sealed class BucketFiles(SwiftBucket bucket, string dataDirectory) : KeptFiles
    {
        private const string Own = ".rat/";

        public override IReadOnlyList<string> Lake(string folder = "") =>
            [.. List($"{Own}lake/{folder}{(folder.Length > 0 ? "/" : "")}").Select(stored => stored.Key[Own.Length..]).Order(StringComparer.Ordinal)];

        public override IReadOnlyList<string> TableFolders(string layer) =>
            [.. Lake(layer).Select(name => name.Split('/')[3]).Distinct().Order(StringComparer.Ordinal)];

        // They have names of their own: whose they are is told by the database alone.
        public override IReadOnlyList<string> Objects(string prefix)
        {
            var keys = KeysOfObjects();
            return
            [
                .. from stored in List()
                   where !stored.Key.StartsWith(Own, StringComparison.Ordinal)
                         && (!keys.TryGetValue(stored.Key, out var key) || key.StartsWith(prefix, StringComparison.Ordinal))
                   select stored.Key,
            ];
        }

        // Without the backup: what was committed long ago may be shipped now.
        public override IReadOnlyList<string> Everything() =>
        [
            .. from stored in List()
               where !stored.Key.StartsWith($"{Own}backup/", StringComparison.Ordinal)
               select $"{stored.Key} {stored.Size} {stored.Version}",
        ];

        public override byte[] Read(string name) => bucket.Read(KeyOf(name)) ?? throw new FileNotFoundException(name);

        public override void Write(string name, byte[] bytes) => bucket.Write(KeyOf(name), bytes);

        public override void Delete(string name) => bucket.Delete(KeyOf(name));

        public override string NameOf(string address)
        {
            var prefix = $"s3://{bucket.Name}/{Own}";
            Assert.StartsWith(prefix, address, StringComparison.Ordinal);
            return address[prefix.Length..];
        }

        public override string AddressOf(string name) => $"s3://{bucket.Name}/{KeyOf(name)}";

        public override JsonNode ReadTable(string address) => IcebergReaders.ReadBucket(bucket.Address, address);

        // The checker opens files: those of the table's folder, under their keys.
        public override JsonNode CheckTable(string address)
        {
            var mirror = Directory.CreateTempSubdirectory("rat-test-mirror-");
            try
            {
                foreach (var name in Lake(string.Join('/', NameOf(address).Split('/')[1..^2])))
                {
                    var path = Path.Combine(mirror.FullName, KeyOf(name));
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    File.WriteAllBytes(path, Read(name));
                }

                return IcebergReaders.CheckMirror(mirror.FullName, address);
            }
            finally
            {
                mirror.Delete(recursive: true);
            }
        }

        private IReadOnlyList<SwiftObject> List(string prefix = "")
        {
            TestStorage.AwaitDeletes(dataDirectory);
            return bucket.List(prefix);
        }

        private Dictionary<string, string> KeysOfObjects()
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(dataDirectory, "rat.db")};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT object_key, key FROM files";
            using var reader = command.ExecuteReader();
            var keys = new Dictionary<string, string>(StringComparer.Ordinal);
            while (reader.Read())
                keys[reader.GetString(0)] = reader.GetString(1);
            return keys;
        }

        private static string KeyOf(string name) => name.StartsWith("lake/", StringComparison.Ordinal) ? Own + name : name;
    }
}

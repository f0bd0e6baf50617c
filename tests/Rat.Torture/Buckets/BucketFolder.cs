using Rat.Tests.Objects.Swift;
using Rat.Torture.Data;

namespace Rat.Torture.Buckets;

/// <summary>The objects of a bucket against what is named by the database, and by the metadata of its tables.</summary>
internal sealed class BucketFolder(SwiftBucket bucket, DataFolder folder, string mirror)
{
    private const string Lake = ".rat/lake/";

    /// <summary>What isn't of the data directory's own: whose the bucket is, and the backup of the database.</summary>
    private static readonly string[] Others = [".rat/owner/", ".rat/backup/"];

    private string Prefix => $"s3://{bucket.Name}/";

    /// <summary>The metadata of a table, as an address.</summary>
    public string MetadataOf(string table) => Prefix + KeyOf(
        folder.Select($"SELECT metadata_location FROM iceberg_tables WHERE table_name = '{table}'").Single()[0]);

    /// <summary>The state of a bucket whose server is idle or gone.</summary>
    public (IReadOnlyList<string> Unnamed, IReadOnlyList<string> Broken) Read()
    {
        var present = bucket.List().Where(stored => !Others.Any(other => stored.Key.StartsWith(other, StringComparison.Ordinal)))
            .ToDictionary(stored => stored.Key, stored => stored.Size);
        Mirror(present.Keys.Where(key => key.StartsWith(Lake, StringComparison.Ordinal) && !key.EndsWith(".parquet", StringComparison.Ordinal)));
        var named = new HashSet<string>(StringComparer.Ordinal);
        var broken = new List<string>();
        foreach (var (key, size) in Named().Where(file => named.Add(file.Key)))
        {
            if (!present.TryGetValue(key, out var length))
                broken.Add($"{key} is named but not there");
            else if (size is { } expected && expected != length)
                broken.Add($"{key} has {length} bytes, not {expected}");
        }

        // Those of expired versions are removed once nobody reads them.
        var waiting = folder.Select("SELECT path FROM lake_expired_files").Select(row => Lake + row[0]);
        return ([.. present.Keys.Except(named).Except(waiting).Order(StringComparer.Ordinal)], broken);
    }

    private IEnumerable<(string Key, long? Size)> Named()
    {
        foreach (var row in folder.Select("SELECT object_key, size FROM files"))
            yield return (row[0], long.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture));
        foreach (var row in folder.Select("SELECT metadata_location FROM iceberg_tables"))
        {
            foreach (var file in TableFiles.Of(LocalPath(KeyOf(row[0])), location => LocalPath(KeyOf(location))))
                yield return (Path.GetRelativePath(mirror, file.Path), file.Size);
        }
    }

    // The readers of metadata open files: those of the bucket, under their keys.
    private void Mirror(IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            var path = LocalPath(key);
            if (File.Exists(path))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (bucket.Read(key) is { } bytes)
                File.WriteAllBytes(path, bytes);
        }
    }

    // The database names files below the lake.
    private string KeyOf(string location) => location.StartsWith(Prefix, StringComparison.Ordinal) ? location[Prefix.Length..] : Lake + location;

    private string LocalPath(string key) => Path.Combine(mirror, key);
}

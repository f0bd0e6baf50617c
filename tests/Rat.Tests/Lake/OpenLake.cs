using Microsoft.Extensions.Logging.Abstractions;
using Rat.Engine.Duck.Views;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;
using Rat.Storage.Objects.S3;

namespace Rat.Tests.Lake;

/// <summary>A data directory with its lake, opened as a server opens it, and closed, moved or opened again as a scenario wants.</summary>
internal sealed class OpenLake : IDisposable
{
    private readonly DirectoryInfo _parent = System.IO.Directory.CreateTempSubdirectory("rat-lake-");
    private readonly LakeSettings _settings;
    private readonly IObjectStore? _objects;
    private readonly S3Settings? _bucket;
    private OpenedStorage _storage = null!;

    public OpenLake(int mostSnapshots = LakeSettings.DefaultSnapshots)
        : this(new LakeSettings(mostSnapshots))
    {
    }

    /// <param name="objects">Where the lake's files are kept besides; null for the data directory alone.</param>
    /// <param name="bucket">That of the objects.</param>
    public OpenLake(LakeSettings settings, IObjectStore? objects = null, S3Settings? bucket = null)
    {
        _settings = settings;
        _objects = objects;
        _bucket = bucket;
        Folder = Path.Combine(_parent.FullName, "data");
        Open();
    }

    public string Folder { get; private set; }
    public string Root => _storage.Directory.Lake;
    public DuckCopy Duck { get; } = new();
    public ILakeFiles Kept { get; private set; } = null!;
    public ObjectCache? Cache { get; private set; }
    public LakeTables Tables { get; private set; } = null!;
    public LakeStaging Staging { get; private set; } = null!;
    public LakeSweep Sweep { get; private set; } = null!;
    public LakePins Pins { get; private set; } = null!;
    public MetadataDatabase Database => _storage.Database;
    public DataDirectory Directory => _storage.Directory;

    public void Close() => _storage.Dispose();

    public void Open()
    {
        _storage = OpenedStorage.OpenAsync(Folder, _bucket, CancellationToken.None).GetAwaiter().GetResult().Value;
        Kept = new LocalLakeFiles(_storage.Directory, NullLogger<LocalLakeFiles>.Instance);
        if (_objects is not null)
        {
            Cache = new ObjectCache(_objects, Directory.Cache, Directory.Temporary, BucketLakeFiles.CacheFolder, limit: 1 << 30);
            Cache.TakeOver();
            Kept = new BucketLakeFiles(_objects, Cache, Directory, DateTime.UtcNow, NullLogger<BucketLakeFiles>.Instance);
        }

        Tables = new LakeTables(_storage.Directory);
        Staging = new LakeStaging(
            _storage.Directory, _storage.Database, Tables, _settings, Duck, Kept, TimeProvider.System, NullLogger<LakeStaging>.Instance);
        Pins = new LakePins();
        Sweep = new LakeSweep(_storage.Directory, _storage.Database, Pins, Kept, NullLogger<LakeSweep>.Instance);
    }

    public void OpenAgain()
    {
        Close();
        Open();
    }

    public void Move()
    {
        Close();
        var elsewhere = Path.Combine(_parent.FullName, $"moved-{Guid.NewGuid()}");
        System.IO.Directory.Move(Folder, elsewhere);
        Folder = elsewhere;
        Open();
    }

    public TableState? Find(TableName name) => Database.Read(connection => Tables.Find(connection, name));

    public TableState? Find(TableName name, long snapshotId) => Database.Read(connection => Tables.Find(connection, name, snapshotId));

    /// <summary>Writes the rows of a SELECT as the whole table and commits.</summary>
    public TableState Replace(TableName name, NewColumn[] columns, params ReadOnlySpan<string> selects)
    {
        var current = Find(name);
        var schema = SchemaAssignment.Replace(current, columns);
        var target = Staging.Begin(name, current, Guid.NewGuid());
        return Commit(Staging.Replace(target, schema, Write(target, schema, selects)));
    }

    /// <summary>Adds the rows of a SELECT to the table and commits. The SELECT has the columns in the order of the resulting schema.</summary>
    public TableState Append(TableName name, NewColumn[] columns, params ReadOnlySpan<string> selects)
    {
        var current = Find(name)!;
        var schema = SchemaAssignment.Append(current, columns).Value;
        var target = Staging.Begin(name, current, Guid.NewGuid());
        return Commit(Staging.Append(target, schema, Write(target, schema, selects)));
    }

    /// <summary>Commits a change that <paramref name="change"/> makes of the current state.</summary>
    public TableState Change(TableName name, Func<StagingTarget, TableState, TableChange> change)
    {
        var current = Find(name)!;
        var target = Staging.Begin(name, current, Guid.NewGuid());
        return Commit(Staging.Change(target, change(target, current)));
    }

    /// <summary>Deletes rows of a file by their positions; earlier deletes of the file are replaced.</summary>
    public WrittenDeletes Delete(StagingTarget target, DataFile file, params long[] positions) =>
        new(file, Duck.WriteDeletes(target, Staging.UriOf(file), $"SELECT unnest([{string.Join(", ", positions)}])::BIGINT AS pos"));

    /// <summary>The rows of a state as the views read them, a value of each as text, in the order of their text.</summary>
    public IReadOnlyList<string> Rows(TableState state, string expression) =>
        Duck.Column($"SELECT ({expression})::VARCHAR FROM ({ViewText.SelectOf(state, Root)}) ORDER BY 1");

    public WrittenFile[] Write(StagingTarget target, LakeSchema schema, params ReadOnlySpan<string> selects)
    {
        var files = new WrittenFile[selects.Length];
        for (var number = 0; number < selects.Length; number++)
            files[number] = Duck.Write(target, schema, selects[number], number);
        return files;
    }

    public TableState Commit(StagedCommit commit)
    {
        Assert.True(TryCommit(commit));
        Staging.Finish(commit);
        return commit.State;
    }

    public bool TryCommit(StagedCommit commit) => Database.WriteAsync(connection => Tables.TryCommit(connection, commit)).GetAwaiter().GetResult();

    /// <summary>What the next commit will find.</summary>
    public TableHistory History(TableState state) =>
        Database.Read(connection => TableHistoryStore.Read(connection, state.TableId, LakePaths.Of(Directory)));

    /// <summary>Absolute path of the folder of a table.</summary>
    public string FolderOf(TableState state) => Path.Combine(Root, state.Location);

    /// <summary>All files below the lake, by their paths below it.</summary>
    public IReadOnlyList<string> Files() =>
        [.. System.IO.Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file)).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        _storage.Dispose();
        Duck.Dispose();
        _parent.Delete(recursive: true);
    }
}

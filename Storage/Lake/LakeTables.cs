using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>The catalog of the lake's tables. Planning a read opens no file of Iceberg's: SQLite holds what they say.</summary>
internal sealed class LakeTables(DataDirectory directory)
{
    // In files, each about 200 bytes and its statistics; what a state is besides weighs as much as some of them. Every commit makes a state, so a
    // busy server fills this, whatever its tables are.
    private const long MostCachedFiles = 16_000;
    private const int StateWeight = 4;

    private readonly LakePaths _paths = LakePaths.Of(directory);
    private readonly RecentlyUsed<(string TableId, long SnapshotId), TableState> _states = new(MostCachedFiles, state => StateWeight + state.Files.Count);

    /// <summary>The committed state, or null when there is no such table.</summary>
    public TableState? Find(SqliteConnection connection, TableName name) =>
        TableStore.Find(connection, name) is { } row ? Load(connection, row, row.SnapshotId) : null;

    /// <summary>The state at a retained snapshot, or null when there is no such table or snapshot.</summary>
    public TableState? Find(SqliteConnection connection, TableName name, long snapshotId)
    {
        if (TableStore.Find(connection, name) is not { } row)
            return null;
        if (row.SnapshotId == snapshotId)
            return Load(connection, row, row.SnapshotId);
        // Asked first, also when the state is cached: an expired snapshot's files may be gone.
        return TableStore.FindSnapshot(connection, row.Key, snapshotId) is null ? null : Load(connection, row, snapshotId);
    }

    /// <summary>Retained snapshots, newest first; null when there is no such table.</summary>
    public static IReadOnlyList<SnapshotInfo>? Snapshots(SqliteConnection connection, TableName name) => TableStore.Find(connection, name) is { } row
        ? [.. from snapshot in TableStore.Snapshots(connection, row.Key)
              orderby snapshot.SequenceNumber descending
              select SnapshotInfo.Of(snapshot, snapshot.Id == row.SnapshotId)]
        : null;

    /// <summary>Tables by name. Reads no rows of files.</summary>
    public static IReadOnlyList<TableSummary> List(SqliteConnection connection, string? ns, string? layer) =>
        TableStore.List(connection, ns, layer);

    /// <summary>
    /// Swaps the table's pointer and records what belongs to it, inside the caller's transaction. False, with nothing changed, when the
    /// pointer has moved since the commit was staged. Once the transaction is durable, <see cref="LakeStaging.Finish"/> is to be called.
    /// </summary>
    public bool TryCommit(SqliteConnection connection, StagedCommit commit)
    {
        if (!TableCommitStore.TrySwapPointer(connection, commit))
            return false;
        TableCommitStore.Record(connection, commit);
        // Harmless if the transaction fails: then no row names this snapshot.
        _states.Set((commit.State.TableId, commit.State.SnapshotId), commit.State);
        return true;
    }

    /// <summary>Absolute <c>file://</c> URI of the state's metadata file.</summary>
    public string MetadataUri(TableState state) => _paths.Uri(state.MetadataPath);

    private TableState Load(SqliteConnection connection, TableRow row, long snapshotId)
    {
        if (!_states.TryGet((row.Id, snapshotId), out var state))
        {
            state = Read(connection, row, snapshotId);
            _states.Set((row.Id, snapshotId), state);
        }

        // The newest metadata names every retained snapshot; the file of the snapshot's own commit may be gone.
        return state.MetadataPath == row.MetadataPath && state.IsForeign == row.IsForeign
            ? state
            : state with { MetadataPath = row.MetadataPath, IsForeign = row.IsForeign };
    }

    private static TableState Read(SqliteConnection connection, TableRow row, long snapshotId)
    {
        var snapshot = TableStore.FindSnapshot(connection, row.Key, snapshotId)
            ?? throw new InvalidDataException($"{row.Name}: snapshot {snapshotId} is current but not recorded");
        var specs = TableStore.Specs(connection, row.Key);
        return new TableState(
            row.Name,
            row.Id,
            row.Location,
            row.MetadataPath,
            snapshotId,
            SchemaJson.Parse(TableStore.SchemaJson(connection, row.Key, snapshot.SchemaId)),
            TableFileStore.Read(connection, row.Key, snapshot.SequenceNumber),
            snapshot.RowCount,
            snapshot.SizeBytes)
        {
            SequenceNumber = snapshot.SequenceNumber,
            LastColumnId = row.LastColumnId,
            LastSchemaId = row.LastSchemaId,
            Spec = specs.First(spec => spec.Id == snapshot.SpecId),
            Specs = specs,
            CommittedAt = snapshot.CommittedAt,
        };
    }
}

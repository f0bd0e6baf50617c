using Microsoft.Data.Sqlite;

namespace Rat.Storage.Lake;

/// <summary>The catalog of the lake's tables.</summary>
internal sealed class LakeTables(DataDirectory directory)
{
    /// <summary>The committed state, or null when there is no such table.</summary>
    public TableState? Find(SqliteConnection connection, TableName name) => throw new NotImplementedException($"{directory}");

    /// <summary>The state at a retained snapshot, or null when there is no such table or snapshot.</summary>
    public TableState? Find(SqliteConnection connection, TableName name, long snapshotId) => throw new NotImplementedException();

    /// <summary>Tables by name. Reads no rows of files.</summary>
    public static IReadOnlyList<TableSummary> List(SqliteConnection connection, string? ns, string? layer) => throw new NotImplementedException();

    /// <summary>Swaps the table's pointer inside the caller's transaction. False when it has moved since the commit was staged.</summary>
    public bool TryCommit(SqliteConnection connection, StagedCommit commit) => throw new NotImplementedException();

    /// <summary>Absolute <c>file://</c> URI of the state's metadata file.</summary>
    public string MetadataUri(TableState state) => throw new NotImplementedException();
}

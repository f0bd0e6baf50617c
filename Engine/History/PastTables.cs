using System.Globalization;
using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.History;

/// <summary>Finds tables as they were.</summary>
internal static class PastTables
{
    // Enough to see what there is; all of them are in the list of snapshots.
    private const int MostNamed = 8;

    /// <summary>The state that was current at that point. A failure says which snapshots there are.</summary>
    public static Outcome<TableState> Find(LakeTables tables, SqliteConnection connection, TableName name, PointInTime point)
    {
        if (TableStore.Find(connection, name) is not { } row)
            return Failure.Invalid($"table {name} does not exist");
        var snapshots = TableStore.Snapshots(connection, row.Key);
        var found = point.SnapshotId is { } id
            ? snapshots.Find(snapshot => snapshot.Id == id)
            : snapshots.FindLast(snapshot => snapshot.CommittedAt <= point.Microseconds);
        return found is not null && tables.Find(connection, name, found.Id) is { } state ? state : Missing(name, point, snapshots);
    }

    private static Failure Missing(TableName name, PointInTime point, List<LakeSnapshot> snapshots)
    {
        var wanted = point.SnapshotId is { } id
            ? string.Create(CultureInfo.InvariantCulture, $"no snapshot {id}")
            : $"no snapshot as old as {TimeOf(point.Microseconds)}";
        var named = snapshots.Count <= MostNamed ? snapshots : [snapshots[0], .. snapshots.TakeLast(MostNamed - 1)];
        var list = string.Join(", ", named.Select(snapshot => string.Create(CultureInfo.InvariantCulture, $"{snapshot.Id} of {TimeOf(snapshot.CommittedAt)}")));
        var left = snapshots.Count - named.Count;
        return Failure.Invalid(string.Create(CultureInfo.InvariantCulture,
            $"table {name} has {wanted}; there are {list}{(left > 0 ? $", and {left} between the first two" : "")}"));
    }

    private static string TimeOf(long microseconds)
    {
        // What a time can hold: years 1 to 9999.
        const long Earliest = -62_135_596_800_000_000;
        const long Latest = 253_402_300_799_999_999;
        var time = Timestamps.FromMicroseconds(Math.Clamp(microseconds, Earliest, Latest));
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }
}

using System.Numerics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rat.Storage.Metadata;

/// <summary>
/// How often each table of <see cref="ListedTables"/> has changed. SQLite tells of every row that a statement, a trigger or a foreign key
/// inserts, updates or deletes (https://sqlite.org/c3ref/update_hook.html), but for tables WITHOUT ROWID and for all rows at once by a DELETE
/// without WHERE: none of these tables is the one, and nothing does the other to them.
/// </summary>
internal sealed class TableVersions
{
    private readonly long[] _versions = new long[BitOperations.Log2((uint)ListedTables.AuditLog) + 1];
    private ListedTables _touched;

    /// <param name="writing">The only connection that writes.</param>
    public TableVersions(SqliteConnection writing) =>
        raw.sqlite3_update_hook(writing.Handle, (_, _, _, table, _) => _touched |= TableOf(table.utf8_to_string()), null);

    /// <summary>
    /// Another number after each transaction that has changed one of these tables, before anyone is told of it. Each table's own number only
    /// rises, so the sum is the same only if all of them are.
    /// </summary>
    public long Of(ListedTables tables)
    {
        var sum = 0L;
        for (var bits = (uint)tables; bits != 0; bits &= bits - 1)
            sum += Volatile.Read(ref _versions[BitOperations.TrailingZeroCount(bits)]);
        return sum;
    }

    /// <summary>A transaction has ended. Called by the thread that writes.</summary>
    /// <returns>The tables that it has changed.</returns>
    public ListedTables Publish()
    {
        var touched = _touched;
        for (var bits = (uint)_touched; bits != 0; bits &= bits - 1)
            Interlocked.Increment(ref _versions[BitOperations.TrailingZeroCount(bits)]);
        _touched = ListedTables.None;
        return touched;
    }

    private static ListedTables TableOf(string name) => name switch
    {
        "namespaces" => ListedTables.Namespaces,
        "pipelines" => ListedTables.Pipelines,
        "pipeline_versions" => ListedTables.PipelineVersions,
        "files" => ListedTables.Files,
        "landing_zones" => ListedTables.LandingZones,
        "landing_files" => ListedTables.LandingFiles,
        "runs" => ListedTables.Runs,
        "schedules" => ListedTables.Schedules,
        "triggers" => ListedTables.Triggers,
        "lake_tables" => ListedTables.LakeTables,
        "table_descriptions" => ListedTables.TableDescriptions,
        "audit_log" => ListedTables.AuditLog,
        _ => ListedTables.None,
    };
}

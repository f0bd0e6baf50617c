using Microsoft.Data.Sqlite;
using Rat.Engine.Automation.Triggers;
using Rat.Engine.Observation;
using Rat.Engine.Pipelines.Publishing;
using Rat.Engine.Quality;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Tests.Lake;
using SQLitePCL;

namespace Rat.Tests.Lists;

/// <summary>What pages of lists are kept by: the versions of the tables that they were read from.</summary>
public sealed class TableVersionsTests : IDisposable
{
    private static readonly ListedTables[] All = [.. Enum.GetValues<ListedTables>().Where(table => table != ListedTables.None)];

    private readonly OpenLake _lake = new();

    private MetadataDatabase Database => _lake.Database;

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_write_changes_its_own_tables_and_no_others()
    {
        Assert.Equal(ListedTables.Namespaces, await ChangedAsync(connection => NamespaceStore.TryInsert(connection, new NamespaceRow("n", "", null, 1))));
        Assert.Equal(ListedTables.Pipelines, await ChangedAsync(connection =>
            PipelineStore.TryInsert(connection, Guid.NewGuid(), new TableName("n", "bronze", "p"), "sql", "", 1)));
        var zone = Guid.NewGuid();
        Assert.Equal(ListedTables.LandingZones, await ChangedAsync(connection => LandingZoneStore.TryInsert(connection, zone, "n", "z", "", 1)));
        Assert.Equal(ListedTables.LandingFiles | ListedTables.LandingZones, await ChangedAsync(connection => Insert(connection, zone)));
        Assert.Equal(ListedTables.AuditLog, await ChangedAsync(connection =>
        {
            AuditStore.Insert(connection, new AuditRow(Guid.NewGuid(), "u", "put", "/", "::1", 1));
            return true;
        }));

        // What a foreign key removes has changed too.
        Assert.Equal(ListedTables.LandingFiles | ListedTables.LandingZones, await ChangedAsync(connection =>
        {
            LandingZoneStore.Delete(connection, zone);
            return true;
        }));
    }

    [Fact]
    public async Task A_transaction_that_writes_nothing_changes_none()
    {
        Assert.Equal(ListedTables.None, await ChangedAsync(_ => true));
        Assert.Equal(ListedTables.None, await ChangedAsync(connection => NamespaceStore.TryDescribe(connection, "nobody", "")));
    }

    [Fact]
    public void A_list_says_all_tables_that_it_reads()
    {
        var name = new TableName("default", "bronze", "p");
        var (pipeline, zone) = (Guid.NewGuid(), Guid.NewGuid());
        Reads(NamespaceStore.Listed, connection => NamespaceStore.List(connection, 50, 0));
        Reads(PipelineStore.Listed, connection => PipelineStore.List(connection, new PipelineFilter("default", "bronze", "x", "name", true, 50, 0)));
        Reads(PipelineStore.Listed, connection => PipelineStore.List(connection, new PipelineFilter(null, null, null, "created_at", true, 50, 0)));
        Reads(Publications.Listed, connection => (PipelineStore.Find(connection, name), PipelineVersionStore.List(connection, pipeline)));
        Reads(TriggerService.Listed, connection => (PipelineStore.Find(connection, name), TriggerStore.OfPipeline(connection, pipeline)));
        Reads(QualityTests.Listed, connection => (PipelineStore.Find(connection, name), FileStore.List(connection, "default/")));
        Reads(ScheduleStore.Listed, connection => ScheduleStore.List(connection, 50, 0));
        Reads(LandingZoneStore.Listed, connection => (LandingZoneStore.List(connection, "default", 50, 0), LandingZoneStore.Find(connection, "default", "z")));
        Reads(LandingFileStore.Listed, connection => LandingFileStore.List(connection, zone, 1, 50, 0));
        Reads(FileStore.Listed, connection => FileStore.List(connection, "default/"));
        Reads(RunStore.Listed, connection => RunStore.List(connection, new RunFilter(null, null, null, null, null, null, null, null, "created_at", false, 50, 0)));
        Reads(TableStore.Listed, connection => TableStore.List(connection, "default", "bronze"));
        Reads(TableDescriptionStore.Listed, connection => TableDescriptionStore.List(connection, "default", "bronze"));
        Reads(AuditTrail.Listed, connection => AuditStore.List(connection, 50, 0));
    }

    // SQLite asks for each column that a statement reads, while it is prepared: on a connection that has none yet.
    private void Reads(ListedTables said, Func<SqliteConnection, object?> read)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_lake.Folder, "rat.db")};Pooling=False");
        connection.Open();
        var seen = new HashSet<string>();
        raw.sqlite3_set_authorizer(connection.Handle, (strdelegate_authorizer)((_, action, table, _, _, _) =>
        {
            if (action == raw.SQLITE_READ)
                seen.Add(table);
            return raw.SQLITE_OK;
        }), null);
        read(connection);
        Assert.NotEmpty(seen);
        foreach (var table in seen)
        {
            var of = TablesOf(table);
            Assert.True((of & ~said) == 0, $"reads {table} and doesn't say so");
        }
    }

    // What triggers of the database keep changes with the tables that it is kept of.
    private static ListedTables TablesOf(string table) => table switch
    {
        "namespaces" => ListedTables.Namespaces,
        "pipelines" or "pipeline_counts" => ListedTables.Pipelines,
        "pipeline_versions" => ListedTables.PipelineVersions,
        "files" => ListedTables.Files,
        "landing_zones" => ListedTables.LandingZones,
        "landing_files" => ListedTables.LandingFiles,
        "runs" or "last_runs" or "run_counts" or "run_totals" => ListedTables.Runs,
        "schedules" => ListedTables.Schedules,
        "triggers" => ListedTables.Triggers,
        "lake_tables" => ListedTables.LakeTables,
        "table_descriptions" => ListedTables.TableDescriptions,
        "audit_log" => ListedTables.AuditLog,
        // A list counts its own rows, those of schedules with their pipelines.
        "list_counts" => ListedTables.None,
        _ => throw new ArgumentException($"lists don't read {table}"),
    };

    private async Task<ListedTables> ChangedAsync(Func<SqliteConnection, bool> work)
    {
        var before = All.Select(table => Database.Version(table)).ToList();
        await Database.WriteAsync(work);
        return All.Where((table, place) => Database.Version(table) != before[place]).Aggregate(ListedTables.None, (sum, table) => sum | table);
    }

    private static bool Insert(SqliteConnection connection, Guid zone)
    {
        LandingFileStore.Insert(connection, new LandingFileRow(Guid.NewGuid(), zone, "f", "n/landing/z/f", 7, "text/csv", null, 1));
        return true;
    }
}

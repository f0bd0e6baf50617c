using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Rat.Engine;
using Rat.Engine.Retention;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Tests.Automation;

/// <summary>The clean-up under a clock of the test's: what is a day old and what is a hundred (behaviour §12).</summary>
public sealed class ReaperTests : IDisposable
{
    private static readonly DateTimeOffset Start = Scenario.Time("10:00");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-reaper-");
    private readonly OpenedStorage _storage;
    private readonly MutableClock _clock = new() { Now = Start };
    private readonly RunRegistry _registry = new();
    private readonly TableLocks _locks = new();
    private readonly UserFiles _files;
    private readonly Reaper _reaper;
    private readonly Guid _pipeline = Guid.NewGuid();

    public ReaperTests()
    {
        _storage = OpenedStorage.Open(Path.Combine(_folder.FullName, "data")).Value;
        var objects = DiskObjectStore.Of(_storage.Directory);
        _files = new UserFiles(objects, objects, Database, _clock);
        var kept = new LocalLakeFiles(_storage.Directory, NullLogger<LocalLakeFiles>.Instance);
        var dropped = new DroppedTables(_storage.Directory, Database, new LakePins(), kept, NullLogger<DroppedTables>.Instance);
        _reaper = new Reaper(
            new EngineSettings(), Database, new RunPruning(Database, _registry, _clock), new PipelinePurge(Database, _files, _locks, dropped, _clock),
            new StorageCleaning(
                Database, _files, new StagedLeftovers(Database, kept), _locks, _registry, _clock),
            _clock, NullLogger<Reaper>.Instance);
        Write(connection => Assert.True(PipelineStore.TryInsert(connection, _pipeline, Name, "sql", "", Now)));
    }

    private static TableName Name { get; } = new("default", "bronze", "p");

    private MetadataDatabase Database => _storage.Database;

    private long Now => Timestamps.ToMicroseconds(_clock.Now);

    [Fact]
    public async Task Finished_runs_go_by_age_and_what_has_not_ended_stays()
    {
        var old = Insert(RunStatus.Success);
        var waiting = Insert(RunStatus.Pending, known: true);
        _clock.Now = Start.AddDays(89);
        var young = Insert(RunStatus.Failed);
        _clock.Now = Start.AddDays(91);
        var status = await CleanAsync();
        Assert.Equal((1, 0), (status.RunsPruned, status.RunsFailed));
        Assert.Null(Find(old));
        Assert.NotNull(Find(waiting));
        Assert.NotNull(Find(young));
        Set("""{"runs_max_age_days":0}""");
        _clock.Now = Start.AddDays(4000);
        Assert.Equal(0, (await CleanAsync()).RunsPruned);
    }

    [Fact]
    public async Task Logs_go_before_their_runs_do()
    {
        var run = Insert(RunStatus.Success);
        Write(connection => RunLogStore.Append(connection, run, 0, [new RunLogLine(Start, "info", "a"), new RunLogLine(Start, "info", "b")]));
        _clock.Now = Start.AddDays(29);
        Assert.Equal(0, (await CleanAsync()).LogsPruned);
        _clock.Now = Start.AddDays(31);
        Assert.Equal(1, (await CleanAsync()).LogsPruned);
        Assert.Empty(Database.Read(connection => RunLogStore.Read(connection, run)));
        Assert.NotNull(Find(run));
        Assert.Equal(0, (await CleanAsync()).LogsPruned);
    }

    [Fact]
    public async Task Hundreds_of_runs_are_pruned_to_the_newest()
    {
        var runs = new List<Guid>();
        for (var number = 0; number < 450; number++)
        {
            _clock.Now = _clock.Now.AddSeconds(1);
            runs.Add(Insert(RunStatus.Success));
        }

        Set("""{"runs_max_per_pipeline":7}""");
        Assert.Equal(443, (await CleanAsync()).RunsPruned);
        Assert.All(runs.TakeLast(7), run => Assert.NotNull(Find(run)));
    }

    [Fact]
    public async Task A_run_that_nobody_knows_fails_after_the_timeout_and_one_that_executes_never_does()
    {
        var (lost, executing) = (Insert(RunStatus.Pending), Insert(RunStatus.Running, known: true));
        _clock.Now = Start.AddMinutes(119);
        Assert.Equal(0, (await CleanAsync()).RunsFailed);
        _clock.Now = Start.AddMinutes(121);
        Assert.Equal(1, (await CleanAsync()).RunsFailed);
        Assert.Equal((RunStatus.Failed, "run timed out (stuck for too long)"), (Find(lost)!.Status, Find(lost)!.Error));
        Assert.Equal(RunStatus.Running, Find(executing)!.Status);
        Assert.Equal("Pipeline failed: run timed out (stuck for too long)", Database.Read(connection => RunLogStore.Read(connection, lost))[^1].Message);
    }

    [Fact]
    public async Task Results_of_each_quality_test_go_beyond_the_newest()
    {
        var runs = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            _clock.Now = _clock.Now.AddSeconds(1);
            var run = Insert(RunStatus.Success);
            Write(connection => QualityResultStore.Replace(connection, run, _pipeline, [Result("a"), Result("b")], Now));
            runs.Add(run);
        }

        Assert.Equal(0, (await CleanAsync()).QualityPruned);
        Set("""{"quality_results_max_per_test":2}""");
        Assert.Equal(6, (await CleanAsync()).QualityPruned);
        Assert.Equal([0, 0, 0, 2, 2], runs.Select(run => Database.Read(connection => QualityResultStore.Read(connection, run)).Count));

        static QualityResultRow Result(string name) => new(name, $"{name}.sql", "error", "passed", 0, "", 1, "", [], "", "", "");
    }

    [Fact]
    public async Task The_audit_log_loses_its_oldest_entries()
    {
        for (var number = 0; number < 1500; number++)
            Audit($"/old/{number}");
        _clock.Now = Start.AddDays(300);
        Audit("/young");
        _clock.Now = Start.AddDays(366);
        Assert.Equal(1500, (await CleanAsync()).AuditPruned);
        var (entries, total) = Database.Read(connection => AuditStore.List(connection, 10, 0));
        Assert.Equal(("/young", 1L), (Assert.Single(entries).Resource, total));
        _clock.Now = Start.AddDays(900);
        Assert.Equal(1, (await CleanAsync()).AuditPruned);
        Audit("/new");
        Assert.Equal(1, Database.Read(connection => AuditStore.List(connection, 10, 0)).Total);
    }

    [Fact]
    public async Task Archived_files_go_where_the_zone_wants_it()
    {
        foreach (var (zone, purge, days) in new[] { ("on", true, (int?)2), ("default", true, null), ("off", false, 2) })
        {
            Write(connection =>
            {
                Assert.True(LandingZoneStore.TryInsert(connection, Guid.NewGuid(), "default", zone, "", Now));
                var row = LandingZoneStore.Find(connection, "default", zone)!;
                LandingZoneStore.Update(connection, row with { AutoPurge = purge, ProcessedMaxAgeDays = days }, Now);
            });
            foreach (var name in new[] { "_processed/r/a.csv", "b.csv", "_samples/c.csv" })
                await PutAsync($"default/landing/{zone}/{name}");
        }

        _clock.Now = Start.AddDays(1);
        Assert.Equal(0, (await CleanAsync()).LzFilesCleaned);
        _clock.Now = Start.AddDays(3);
        Assert.Equal(1, (await CleanAsync()).LzFilesCleaned);
        _clock.Now = Start.AddDays(31);
        Assert.Equal(1, (await CleanAsync()).LzFilesCleaned);
        var left = Database.Read(connection => FileStore.List(connection, "default/landing/")).Select(file => file.Key[16..]);
        Assert.Equal(["default/_samples/c.csv", "default/b.csv", "off/_processed/r/a.csv", "off/_samples/c.csv", "off/b.csv", "on/_samples/c.csv", "on/b.csv"], left);
        Assert.Null(await _files.OpenAsync("default/landing/on/_processed/r/a.csv", CancellationToken.None));
    }

    [Fact]
    public async Task Staged_data_goes_once_its_run_is_over_and_nobody_writes_the_table()
    {
        var (over, active) = (Insert(RunStatus.Failed), Insert(RunStatus.Running, known: true));
        var folder = Path.Combine(_storage.Directory.Lake, "default", "bronze", "p-01234567", "data");
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { $"{over}-0-a.parquet", $"{over}-0-b.parquet", $"{active}-0-a.parquet", "stranger.parquet" })
            await File.WriteAllTextAsync(Path.Combine(folder, name), "x");
        _clock.Now = DateTimeOffset.UtcNow.AddHours(5);
        Assert.Equal(0, (await CleanAsync()).BranchesCleaned);
        _clock.Now = DateTimeOffset.UtcNow.AddHours(7);
        using (await _locks.AcquireAsync(Name, CancellationToken.None))
            Assert.Equal(0, (await CleanAsync()).BranchesCleaned);
        Assert.Equal(1, (await CleanAsync()).BranchesCleaned);
        Assert.Equal([$"{active}-0-a.parquet", "stranger.parquet"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        _reaper.DisposeAsync().AsTask().Wait();
        _storage.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<ReaperCounts> CleanAsync() => (await _reaper.RunAsync()).Value.Counts;

    private void Set(string config) => Write(connection => RetentionStore.SetConfig(connection, config));

    private RunRow? Find(Guid run) => Database.Read(connection => RunStore.Find(connection, run));

    private Guid Insert(RunStatus status, bool known = false)
    {
        var run = new RunRow(Guid.NewGuid(), _pipeline, Name, RunStatus.Pending, "manual", false, 0, _clock.Now, null, null, null, null, null);
        Write(connection =>
        {
            RunStore.Insert(connection, run);
            if (status == RunStatus.Running)
                RunStore.TryStart(connection, run.Id, _clock.Now);
            else if (status != RunStatus.Pending)
                RunStore.TryFinish(connection, run.Id, new RunResult(status, 0, null, null, null), _clock.Now);
        });
        if (known)
            _registry.Add(new ActiveRun(run, _clock));
        return run.Id;
    }

    private void Audit(string resource) =>
        Write(connection => AuditStore.Insert(connection, new AuditRow(Guid.NewGuid(), "anonymous", "post", resource, "127.0.0.1", Now)));

    private async Task PutAsync(string key)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes("x"));
        Assert.True((await _files.PutAsync(key, content, "text/csv", long.MaxValue, (_, _) => null, CancellationToken.None)).Succeeded);
    }

    private void Write(Action<Microsoft.Data.Sqlite.SqliteConnection> work) => Database.WriteAsync(connection =>
    {
        work(connection);
        return true;
    }).GetAwaiter().GetResult();

    private sealed class MutableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Rat.Engine;
using Rat.Engine.Automation;
using Rat.Engine.Automation.Schedules;
using Rat.Engine.Automation.Triggers;
using Rat.Engine.Observation;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Tests.Automation;

/// <summary>The timer on a real database, under a clock of the test's. Runs are only rows: they end when the test says so.</summary>
internal sealed class SimulatedPlatform : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly OpenedStorage _storage;
    private readonly WaitingRuns _waiting;
    private readonly RunRegistry _registry = new();
    private AutomationTimer? _timer;

    public SimulatedPlatform(SimulatedClock clock)
    {
        // In memory where there is such a folder: years of commits would wait for a disk's.
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _folder = Directory.CreateDirectory(Path.Combine(parent, $"rat-automation-{Guid.NewGuid()}"));
        _storage = OpenedStorage.Open(Path.Combine(_folder.FullName, "data")).Value;
        Clock = clock;
        _waiting = new WaitingRuns(_registry, clock);
        Schedules = new ScheduleService(Database, clock, clock);
        Triggers = new TriggerService(Database, clock, clock);
        Webhooks = new Webhooks(Database, _waiting, clock);
        FollowUps = new FollowUps(new EngineSettings(), _waiting, clock);
    }

    public SimulatedClock Clock { get; }
    public MetadataDatabase Database => _storage.Database;
    public ScheduleService Schedules { get; }
    public TriggerService Triggers { get; }
    public Webhooks Webhooks { get; }
    public FollowUps FollowUps { get; }

    /// <summary>A new pipeline in the bronze layer of the default namespace.</summary>
    public TableName NewPipeline(string name)
    {
        var table = new TableName("default", "bronze", name);
        Write(connection => Assert.True(PipelineStore.TryInsert(connection, Guid.NewGuid(), table, "sql", "", Microseconds)));
        return table;
    }

    public void NewZone(string name) =>
        Write(connection => Assert.True(LandingZoneStore.TryInsert(connection, Guid.NewGuid(), "default", name, "", Microseconds)));

    public ScheduleRow Schedule(TableName pipeline, string cron, bool enabled = true) =>
        Done(Schedules.CreateAsync(pipeline, cron, enabled, CancellationToken.None));

    public TriggerRow Trigger(TableName pipeline, string type, TriggerConfig config, int cooldown = 0, bool enabled = true) =>
        Done(Triggers.CreateAsync(pipeline, type, config, enabled, cooldown, CancellationToken.None)).Trigger;

    /// <summary>Runs the timer until its clock's end.</summary>
    public void Simulate()
    {
        Turn();
        Clock.WaitForEnd();
        _timer!.Dispose();
    }

    /// <summary>Ends every run that waits, with a success and all that follows it, and wakes the timer as the end of a run does.</summary>
    public void EndRuns(RunStatus status = RunStatus.Success)
    {
        var active = Database.Read(RunStore.Active);
        if (active.Count == 0)
            return;
        Write(connection =>
        {
            foreach (var run in active)
                End(connection, run, status);
        });
        Clock.Wake();
    }

    /// <summary>Records an upload as the landing room does.</summary>
    public int Upload(string zone, string fileName) => Database.WriteAsync(connection =>
        FollowUps.OfUpload(connection, LandingZoneStore.Find(connection, "default", zone)!, fileName, $"{Guid.NewGuid()}", Clock.GetUtcNow()).Count).Result;

    /// <summary>Every run so far, in the order they came.</summary>
    public IReadOnlyList<RunRow> Runs() => [.. Database.Read(connection => RunStore.List(connection, new RunFilter(
        null, null, null, null, null, null, null, null, "created_at", Ascending: true, 1_000_000, 0))).Runs];

    public ScheduleRow Find(ScheduleRow schedule) => Database.Read(connection => ScheduleStore.Find(connection, schedule.Id))!;

    public TriggerRow Find(TriggerRow trigger) => Database.Read(connection => TriggerStore.Find(connection, trigger.PipelineId, trigger.Id))!;

    public void Write(Action<SqliteConnection> work) => Database.WriteAsync(connection =>
    {
        work(connection);
        return true;
    }).GetAwaiter().GetResult();

    public static T Done<T>(Task<Outcome<T>> task)
    {
        var outcome = task.GetAwaiter().GetResult();
        Assert.True(outcome.Succeeded, outcome.Failure?.Message);
        return outcome.Value;
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _storage.Dispose();
        _folder.Delete(recursive: true);
    }

    private long Microseconds => Timestamps.ToMicroseconds(Clock.GetUtcNow());

    private void Turn()
    {
        _timer = new AutomationTimer(Database, _waiting, _registry, Clock, new EngineCounters(), Clock, NullLogger<AutomationTimer>.Instance);
        _timer.Start();
    }

    private void End(SqliteConnection connection, RunRow run, RunStatus status)
    {
        Assert.True(RunStore.TryFinish(connection, run.Id, new RunResult(status, 0, null, null, null), Clock.GetUtcNow()));
        if (status == RunStatus.Success)
            FollowUps.OfSuccess(connection, run.Pipeline, Clock.GetUtcNow());
    }
}

using Rat.Storage;
using Rat.Storage.Metadata;
using static Rat.Tests.Automation.Scenario;

namespace Rat.Tests.Automation;

/// <summary>Schedules under a clock of the test's (behaviour §10).</summary>
public class ScheduleScenariosTests
{
    private ScheduleRow _schedule = null!;
    private TableName _pipeline = null!;

    [Fact]
    public void A_fresh_schedule_waits_for_its_first_time() => Play(
        ("10:00:00", at =>
        {
            _schedule = at.Schedule(at.NewPipeline("p"), "0 * * * *");
            Assert.Equal((Microseconds("11:00"), null, null), (_schedule.NextRunAt, _schedule.LastRunAt, _schedule.LastRunId));
        }
    ),
        ("10:59:59", at => Assert.Empty(at.Runs())),
        ("11:00:01", at =>
        {
            Assert.Equal(["11:00:00 schedule:0 * * * *"], Fired(at));
            Assert.Equal((Microseconds("12:00"), Microseconds("11:00"), at.Runs()[0].Id),
                (at.Find(_schedule).NextRunAt, at.Find(_schedule).LastRunAt, at.Find(_schedule).LastRunId));
        }
    ));

    [Fact]
    public void A_busy_pipeline_is_left_alone_and_fires_once_when_it_is_free() => Play(
        ("10:00", at => _schedule = at.Schedule(at.NewPipeline("p"), "*/10 * * * *")),
        ("10:45", at =>
        {
            Assert.Equal(["10:10:00 schedule:*/10 * * * *"], Fired(at));
            Assert.Equal(Microseconds("10:20"), at.Find(_schedule).NextRunAt);
            at.EndRuns(RunStatus.Failed);
        }
    ),
        ("10:49", at =>
        {
            Assert.Equal(["10:10:00 schedule:*/10 * * * *", "10:45:00 schedule:*/10 * * * *"], Fired(at));
            Assert.Equal(Microseconds("10:50"), at.Find(_schedule).NextRunAt);
        }
    ));

    [Fact]
    public void Two_schedules_of_one_pipeline_come_after_each_other() => Play(
        ("10:00", at =>
        {
            var pipeline = at.NewPipeline("p");
            at.Schedule(pipeline, "30 10 * * *");
            at.Schedule(pipeline, "30 10,11 * * *");
        }
    ),
        ("10:31", at =>
        {
            Assert.Single(at.Runs());
            at.EndRuns();
        }
    ),
        ("10:32", at => Assert.Equal(2, at.Runs().Count)));

    [Fact]
    public void Missed_times_are_one_firing()
    {
        var start = Time("10:00");
        using var platform = new SimulatedPlatform(new SimulatedClock(start, [(Time("10:02"), Time("13:02:30")), (Time("13:05:30"), null)]));
        var schedule = platform.Schedule(platform.NewPipeline("p"), "*/5 * * * *");
        platform.Clock.Idle = () => platform.EndRuns();
        platform.Simulate();
        Assert.Equal(["13:02:30 schedule:*/5 * * * *", "13:05:00 schedule:*/5 * * * *"], Fired(platform));
        Assert.Equal(Microseconds("13:10"), platform.Find(schedule).NextRunAt);
    }

    [Fact]
    public void A_new_expression_and_being_enabled_again_count_from_now() => Play(
        ("10:00", at => _schedule = at.Schedule(at.NewPipeline("p"), "0 11 * * *", enabled: false)),
        ("12:30", at => SimulatedPlatform.Done(at.Schedules.UpdateAsync(_schedule.Id, null, true))),
        ("12:31", at =>
        {
            Assert.Empty(at.Runs());
            SimulatedPlatform.Done(at.Schedules.UpdateAsync(_schedule.Id, "40 12 * * *", null));
        }
    ),
        ("12:39", at => Assert.Empty(at.Runs())),
        ("12:41", at =>
        {
            Assert.Equal(["12:40:00 schedule:40 12 * * *"], Fired(at));
            // What changes nothing leaves the due time as it is.
            var next = at.Find(_schedule).NextRunAt;
            SimulatedPlatform.Done(at.Schedules.UpdateAsync(_schedule.Id, "40 12 * * *", true));
            Assert.Equal(next, at.Find(_schedule).NextRunAt);
        }
    ));

    [Fact]
    public void A_deleted_pipeline_has_no_schedules_any_more() => Play(
        ("10:00", at =>
        {
            _pipeline = at.NewPipeline("p");
            _schedule = at.Schedule(_pipeline, "* * * * *");
            at.Write(connection => PipelineStore.TryDelete(connection, _pipeline, Microseconds("10:00")));
        }
    ),
        ("10:05", at =>
        {
            Assert.Empty(at.Runs());
            Assert.Equal(0, at.Database.Read(connection => ScheduleStore.List(connection, 50, 0)).Total);
            Assert.Null(at.Find(_schedule));
            // Another pipeline of the name doesn't get them either.
            at.NewPipeline("p");
            at.Clock.Wake();
        }
    ),
        ("10:07", at => Assert.Empty(at.Runs())));

    [Fact]
    public void A_clock_that_was_wrong_is_forgotten_at_the_next_start()
    {
        using var platform = new SimulatedPlatform(new SimulatedClock(Time("10:00"), [(Time("10:06"), null)]));
        var schedule = platform.Schedule(platform.NewPipeline("p"), "*/5 * * * *");
        // As the process before has left it, under a clock that was years ahead.
        var ahead = Microseconds("10:00") + (long)TimeSpan.FromDays(3000).TotalMicroseconds;
        platform.Write(connection => ScheduleStore.SetNext(connection, schedule.Id, ahead, ahead + 1));
        platform.Simulate();
        Assert.Equal(["10:05:00 schedule:*/5 * * * *"], Fired(platform));
    }

    [Fact]
    public void A_schedule_whose_expression_is_of_no_use_here_harms_no_other() => Play(
        ("10:00", at =>
        {
            var bad = at.Schedule(at.NewPipeline("bad"), "* * * * *");
            at.Schedule(at.NewPipeline("good"), "1 10 * * *");
            // As if the host's time zones had gone.
            at.Write(connection => ScheduleStore.Update(connection, bad with { Cron = "TZ=Gone/Zone * * * * *" }, Microseconds("10:00")));
        }
    ),
        ("10:10", at => Assert.Equal(["10:01:00 schedule:1 10 * * *"], Fired(at))));
}

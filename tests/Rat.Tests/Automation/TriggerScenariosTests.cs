using Rat.Engine.Automation.Triggers;
using Rat.Storage;
using Rat.Storage.Metadata;
using static Rat.Tests.Automation.Scenario;

namespace Rat.Tests.Automation;

/// <summary>Triggers under a clock of the test's (behaviour §8).</summary>
public class TriggerScenariosTests
{
    private TriggerRow _trigger = null!;
    private TableName _pipeline = null!;

    [Fact]
    public void A_cron_trigger_counts_from_its_creation_and_looks_at_no_run() => Play(
        ("10:00", at => _trigger = at.Trigger(at.NewPipeline("p"), "cron", new() { CronExpr = "*/10 * * * *" })),
        ("10:25", at =>
        {
            Assert.Equal(["10:10:00 trigger:cron:*/10 * * * *", "10:20:00 trigger:cron:*/10 * * * *"], Fired(at));
            Assert.All(at.Runs(), run => Assert.True(run.Automatic));
            Assert.Equal((Microseconds("10:20"), at.Runs()[1].Id), (at.Find(_trigger).LastTriggeredAt, at.Find(_trigger).LastRunId));
        }
    ));

    [Fact]
    public void A_cooldown_holds_a_cron_trigger_back_and_then_it_fires_once() => Play(
        ("10:00", at => at.Trigger(at.NewPipeline("p"), "cron", new() { CronExpr = "* * * * *" }, cooldown: 150)),
        ("10:06:30", at => Assert.Equal(
            ["10:01:00 trigger:cron:* * * * *", "10:03:30 trigger:cron:* * * * *", "10:06:00 trigger:cron:* * * * *"], Fired(at))));

    [Fact]
    public void Being_enabled_again_and_a_new_expression_count_from_now() => Play(
        ("10:00", at => _trigger = at.Trigger(_pipeline = at.NewPipeline("p"), "cron", new() { CronExpr = "0 11 * * *" }, enabled: false)),
        ("12:00", at => SimulatedPlatform.Done(at.Triggers.UpdateAsync(_pipeline, _trigger.Id, null, true, null))),
        ("12:10", at =>
        {
            Assert.Empty(at.Runs());
            SimulatedPlatform.Done(at.Triggers.UpdateAsync(_pipeline, _trigger.Id, new() { CronExpr = "20 12 * * *" }, null, null));
        }
    ),
        ("12:21", at => Assert.Equal(["12:20:00 trigger:cron:20 12 * * *"], Fired(at))));

    [Fact]
    public void A_dependency_trigger_needs_its_time_and_a_success_of_each() => Play(
        ("10:00", at =>
        {
            var (a, b) = (at.NewPipeline("a"), at.NewPipeline("b"));
            _trigger = at.Trigger(at.NewPipeline("p"), "cron_dependency",
                new() { CronExpr = "0 * * * *", Dependencies = ["default.bronze.a", "default.bronze.b", "default.bronze.a"] });
            at.Schedule(a, "30 10,12,13,14 * * *");
            at.Schedule(b, "40 11,12 * * *");
        }
    ),
        ("10:35", at => at.EndRuns()),
        ("11:30", at => Assert.Equal(["10:30:00 schedule:30 10,12,13,14 * * *"], Fired(at))),
        // b alone was missing, and the time has come long ago: its success is what fires.
        ("11:41", at => at.EndRuns()),
        ("11:42", at =>
        {
            Assert.Equal("11:41:00 trigger:cron_dependency:0 * * * *", Fired(at)[^1]);
            at.EndRuns();
        }
    ),
        ("12:31", at => at.EndRuns()),
        // A failure is no success.
        ("12:41", at => at.EndRuns(RunStatus.Failed)),
        ("13:31", at =>
        {
            at.EndRuns();
            Assert.Single(Fired(at), run => run.Contains("dependency", StringComparison.Ordinal));
        }
    ),
        ("14:31", at =>
        {
            at.EndRuns();
            Assert.Single(Fired(at), run => run.Contains("dependency", StringComparison.Ordinal));
        }
    ));

    [Fact]
    public void Successes_before_the_trigger_count_when_it_never_fired() => Play(
        ("10:00", at =>
        {
            at.Schedule(_pipeline = at.NewPipeline("a"), "10 10 * * *");
        }
    ),
        ("10:11", at => at.EndRuns()),
        ("10:15", at => at.Trigger(at.NewPipeline("p"), "cron_dependency", new() { CronExpr = "20 * * * *", Dependencies = ["default.bronze.a"] })),
        ("10:21", at => Assert.Equal("10:20:00 trigger:cron_dependency:20 * * * *", Fired(at)[^1])),
        ("11:21", at => Assert.Equal(2, at.Runs().Count)));

    [Fact]
    public void A_success_starts_what_waits_for_it_within_its_own_transaction() => Play(
        ("10:00", at =>
        {
            at.Schedule(at.NewPipeline("a"), "10 10 * * *");
            at.Schedule(at.NewPipeline("other"), "10 10 * * *");
            TriggerConfig onSuccess = new() { Namespace = "default", Layer = "bronze", Pipeline = "a" };
            at.Trigger(at.NewPipeline("b"), "pipeline_success", onSuccess);
            at.Trigger(at.NewPipeline("c"), "pipeline_success", onSuccess);
            at.Trigger(at.NewPipeline("disabled"), "pipeline_success", onSuccess, enabled: false);
            _pipeline = at.NewPipeline("deleted");
            at.Trigger(_pipeline, "pipeline_success", onSuccess);
            at.Write(connection => PipelineStore.TryDelete(connection, _pipeline, Microseconds("10:00")));
        }
    ),
        ("10:11", at =>
        {
            at.EndRuns();
            Assert.Equal(["a", "b", "c", "other"], at.Runs().Select(run => run.Pipeline.Name).Order(StringComparer.Ordinal));
            Assert.Equal(2, Fired(at).Count(run => run == "10:11:00 trigger:pipeline_success:default/bronze/a"));
            at.EndRuns();
            Assert.Equal(4, at.Runs().Count);
        }
    ));

    [Fact]
    public void A_failure_starts_nothing() => Play(
        ("10:00", at =>
        {
            at.Schedule(at.NewPipeline("a"), "10 10 * * *");
            at.Trigger(at.NewPipeline("b"), "pipeline_success", new() { Namespace = "default", Layer = "bronze", Pipeline = "a" });
        }
    ),
        ("10:11", at =>
        {
            at.EndRuns(RunStatus.Failed);
            Assert.Single(at.Runs());
        }
    ));

    [Fact]
    public void Uploads_start_each_trigger_that_they_match_outside_of_its_cooldown() => Play(
        ("10:00", at =>
        {
            at.NewZone("z");
            at.NewZone("elsewhere");
            var pipeline = at.NewPipeline("p");
            at.Trigger(pipeline, "landing_zone_upload", new() { Namespace = "default", ZoneName = "z" }, cooldown: 60);
            at.Trigger(pipeline, "file_pattern", new() { Namespace = "default", ZoneName = "z", Pattern = "*.csv" });
            at.Trigger(pipeline, "file_pattern", new() { Namespace = "default", ZoneName = "z", Pattern = "orders_*" });
            Assert.Equal(0, at.Upload("elsewhere", "orders_1.csv"));
            Assert.Equal(3, at.Upload("z", "orders_1.csv"));
            Assert.Equal(0, at.Upload("z", "Orders.CSV"));
        }
    ),
        ("10:00:59", at => Assert.Equal(1, at.Upload("z", "a.csv"))),
        ("10:01:00", at =>
        {
            Assert.Equal(1, at.Upload("z", "a.txt"));
            Assert.Equal(1, Fired(at).Count(run => run == "10:00:00 trigger:file_pattern:default/z:*.csv"));
            Assert.Equal(1, Fired(at).Count(run => run == "10:00:00 trigger:file_pattern:default/z:orders_*"));
            Assert.Equal(1, Fired(at).Count(run => run == "10:01:00 trigger:landing_zone_upload:default/z"));
        }
    ));

    [Fact]
    public void A_cooldown_recorded_by_a_wrong_clock_holds_nothing_back()
    {
        using var platform = new SimulatedPlatform(new SimulatedClock(Time("10:00"), [(Time("10:06"), null)]));
        platform.NewZone("z");
        var trigger = platform.Trigger(platform.NewPipeline("p"), "landing_zone_upload", new() { Namespace = "default", ZoneName = "z" }, cooldown: 60);
        Assert.Equal(1, platform.Upload("z", "a"));
        var run = platform.Runs()[0];
        platform.Write(connection => TriggerStore.SetFired(connection, trigger.Id, run.Id, Microseconds("14:00"), null));
        Assert.Equal(1, platform.Upload("z", "a"));
        platform.Write(connection => TriggerStore.SetFired(connection, trigger.Id, run.Id, Microseconds("12:00"), null));
        Assert.Equal(0, platform.Upload("z", "a"));
    }
}

using System.Globalization;
using Rat.Engine.Automation.Cron;

namespace Rat.Tests.Automation;

/// <summary>Cron expressions: what is taken, and when it is due (behaviour §8).</summary>
public class CronTests
{
    [Theory]
    [InlineData("* * * * *", "2026-03-01T10:00:30Z", "2026-03-01T10:01:00Z")]
    [InlineData("0 5 * * *", "2026-03-01T05:00:00Z", "2026-03-02T05:00:00Z")]
    [InlineData("? ? ? ? ?", "2026-03-01T05:00:00Z", "2026-03-01T05:01:00Z")]
    [InlineData("  */15\t9-17  *  *  mon-FRI ", "2026-02-27T17:45:00Z", "2026-03-02T09:00:00Z")]
    [InlineData("10/20 * * * *", "2026-03-01T10:10:00Z", "2026-03-01T10:30:00Z")]
    [InlineData("0 0 1 jan,Jul *", "2026-03-01T00:00:00Z", "2026-07-01T00:00:00Z")]
    [InlineData("0 0 29 2 *", "2025-01-01T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 13 * 5", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z")]
    [InlineData("0 0 13 * ?", "2026-03-01T00:00:00Z", "2026-03-13T00:00:00Z")]
    [InlineData("0 0 */20 * SUN", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("0 0 */1 * SUN", "2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z")]
    [InlineData("TZ=Europe/Berlin 0 8 * * *", "2026-07-01T00:00:00Z", "2026-07-01T06:00:00Z")]
    [InlineData("CRON_TZ=America/New_York 0 8 * * *", "2026-01-01T00:00:00Z", "2026-01-01T13:00:00Z")]
    [InlineData("TZ=UTC 0 8 * * *", "2026-01-01T00:00:00Z", "2026-01-01T08:00:00Z")]
    // The rules for local times that are skipped or come twice.
    [InlineData("TZ=Europe/Berlin 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("TZ=Europe/Berlin 10-50/20 * * * *", "2026-03-29T00:50:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("TZ=Europe/Berlin 30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("TZ=Europe/Berlin 30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z")]
    public void Next_due_time(string expression, string after, string expected) =>
        Assert.Equal(Time(expected), CronSchedule.Parse(expression).Value.Next(Time(after)));

    [Fact]
    public void A_day_that_never_comes_has_no_due_time() => Assert.Null(CronSchedule.Parse("0 0 30 2 *").Value.Next(Time("2026-01-01T00:00:00Z")));

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("@hourly")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * 32 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 7")]
    [InlineData("* * * * 5-7")]
    [InlineData("5-1 * * * *")]
    [InlineData("*/0 * * * *")]
    [InlineData("*/60 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("+1 * * * *")]
    [InlineData("H * * * *")]
    [InlineData("* * L * *")]
    [InlineData("* * 1W * *")]
    [InlineData("* * * * 5#2")]
    [InlineData("* * * * 5L")]
    [InlineData("* * * FEBR *")]
    [InlineData("TZ=Europe/Berlin")]
    [InlineData("TZ= * * * * *")]
    [InlineData("TZ=Nowhere/Town * * * * *")]
    [InlineData("TZ=/etc/passwd * * * * *")]
    [InlineData("TZ=../../../etc/passwd * * * * *")]
    [InlineData("TZ=Europe * * * * *")]
    [InlineData("tz=UTC * * * * *")]
    [InlineData("\u00a0* * * * *")]
    [InlineData("\u0661 * * * *")]
    public void What_is_no_expression_is_refused(string expression)
    {
        var failure = CronSchedule.Parse(expression).Failure;
        Assert.StartsWith("cron", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_is_at_most_100_bytes()
    {
        Assert.True(CronSchedule.Parse(new string(' ', 91) + "* * * * *").Succeeded);
        Assert.False(CronSchedule.Parse(new string(' ', 92) + "* * * * *").Succeeded);
    }

    [Theory]
    [InlineData("* * * * *")]
    [InlineData("*/7 * * * *")]
    [InlineData("3/25,59 */5 * * *")]
    [InlineData("TZ=Europe/Berlin */10 * * * *")]
    [InlineData("TZ=Europe/Berlin 15,30,45 0,1,2,3 * * *")]
    [InlineData("TZ=Europe/Berlin 7-55/16 1-4 * * *")]
    [InlineData("TZ=America/New_York 30 1,2 * * *")]
    [InlineData("TZ=America/New_York 30 1-3 * * 0")]
    [InlineData("TZ=Australia/Lord_Howe */13 1-2 * * *")]
    [InlineData("TZ=Australia/Lord_Howe 15,45 1,2 * 4,10 *")]
    [InlineData("TZ=Asia/Kathmandu 0 0 1,15 * MON")]
    [InlineData("TZ=America/Santiago 0 0 * * *")]
    [InlineData("TZ=Africa/Cairo 30 0 * * THU,FRI")]
    [InlineData("0 12 29 2 *")]
    [InlineData("0 0 31 * *")]
    [InlineData("59 23 28-31 FEB ?")]
    public void Ten_years_of_due_times_are_those_of_the_oracle(string expression)
    {
        var (from, until) = (new DateTime(2023, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2033, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var cron = CronSchedule.Parse(expression).Value;
        var expected = new MinuteOracle(expression).Due(from, until);
        var actual = Times(cron, new DateTimeOffset(from), until);
        Assert.Equal(expected, actual);
    }

    private static IEnumerable<long> Times(CronSchedule cron, DateTimeOffset from, DateTime until)
    {
        for (var at = cron.Next(from.AddTicks(-1)); at is { } due && due.UtcDateTime < until; at = cron.Next(due))
            yield return due.ToUnixTimeSeconds() / 60;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

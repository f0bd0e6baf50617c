using System.Globalization;

namespace Rat.Tests.Automation;

/// <summary>Ten simulated years of schedules and cron triggers through the timer, its database and every kind of clock, against the minute-by-minute
/// oracle: nothing missed, nothing doubled.</summary>
public class TenYearsTests
{
    private static readonly string[] Expressions =
    [
        "0 5 * * *", "30 2 * * *", "0 0 29 2 *", "0 0 31 * *", "0 0 13 * FRI", "0 */12 * * *", "15 9-17/4 * * MON-FRI", "0 0 1 1,7 *",
        "TZ=Europe/Berlin 30 2 * * *", "TZ=Europe/Berlin 0 1-4 * 3,10 SUN", "CRON_TZ=America/New_York 30 1 * * *",
        "TZ=America/New_York */30 1-2 * 3,11 0", "TZ=Australia/Lord_Howe 15,45 1,2 * 4,10 0", "TZ=Asia/Kolkata 0 0 */10 * *",
        "TZ=America/Santiago 0 0 * 4,9 SAT,SUN", "59 23 28-31 2,12 ?",
    ];

    private static readonly DateTimeOffset Start = Utc("2023-01-01T00:00:17Z");
    private static readonly DateTimeOffset End = Utc("2033-01-01T00:00:00Z");

    [Fact]
    public void Ten_years_without_a_jump() => Check([(End, null)]);

    [Fact]
    public void Ten_years_in_which_the_clock_is_set_back_and_forth() => Check(
    [
        // An hour forth, an hour back; at, before and after due times, across changes of daylight saving.
        (Utc("2023-02-03T04:30:00Z"), Utc("2023-02-03T05:30:00Z")),
        (Utc("2023-03-26T01:10:00Z"), Utc("2023-03-26T00:10:00Z")),
        (Utc("2023-10-29T00:40:00Z"), Utc("2023-10-29T01:40:00Z")),
        (Utc("2023-12-31T23:59:30Z"), Utc("2023-12-31T22:59:30Z")),
        (Utc("2024-02-29T00:00:10Z"), Utc("2024-02-28T23:00:10Z")),
        (Utc("2024-02-29T00:00:20Z"), Utc("2024-02-28T22:30:20Z")),
        // A year forth, then a year back: the clock was wrong.
        (Utc("2024-06-01T12:00:00Z"), Utc("2025-06-01T12:00:00Z")),
        (Utc("2025-06-02T03:33:00Z"), Utc("2024-06-02T03:33:00Z")),
        // A year back and forth again.
        (Utc("2026-03-01T00:00:00Z"), Utc("2025-03-01T00:00:00Z")),
        (Utc("2025-03-10T08:00:00Z"), Utc("2026-03-10T08:00:00Z")),
        // Within the tolerance several times, until together they are beyond it.
        (Utc("2027-05-05T06:00:00Z"), Utc("2027-05-05T04:30:00Z")),
        (Utc("2027-05-05T05:00:30Z"), Utc("2027-05-05T03:30:30Z")),
        (Utc("2027-05-05T03:31:00Z"), Utc("2027-05-05T01:31:00Z")),
        // A machine that slept from Friday to Monday.
        (Utc("2028-07-07T18:00:00Z"), Utc("2028-07-10T07:00:00Z")),
        (End, null),
    ]);

    private static void Check(IReadOnlyList<(DateTimeOffset At, DateTimeOffset? To)> sets)
    {
        using var platform = new SimulatedPlatform(new SimulatedClock(Start, sets));
        for (var index = 0; index < Expressions.Length; index++)
        {
            var pipeline = platform.NewPipeline($"p{index}");
            if (index % 2 == 0)
                platform.Schedule(pipeline, Expressions[index]);
            else
                platform.Trigger(pipeline, "cron", new() { CronExpr = Expressions[index] });
        }

        platform.Clock.Idle = () => platform.EndRuns();
        platform.Simulate();

        var fired = platform.Runs().ToLookup(run => run.Pipeline.Name, run => Round(run.CreatedAt));
        for (var index = 0; index < Expressions.Length; index++)
        {
            var (expected, actual) = (Expected(Expressions[index], sets), fired[$"p{index}"].Order().ToList());
            Assert.True(expected.Order().SequenceEqual(actual), $"""
                {Expressions[index]}: {expected.Count} expected, {actual.Count} fired
                missed: {string.Join(", ", expected.Except(actual).Take(5).Select(Text))}
                too many: {string.Join(", ", actual.Except(expected).Take(5).Select(Text))}
                """);
        }
    }

    // The rules of docs/automation.md about a clock that is set, applied to the oracle's due times: in seconds since 1970, when each fires.
    private static List<long> Expected(string expression, IReadOnlyList<(DateTimeOffset At, DateTimeOffset? To)> sets)
    {
        var due = new MinuteOracle(expression).Due(Start.UtcDateTime.AddDays(-1).Date, End.UtcDateTime).Select(minute => minute * 60).ToList();
        var expected = new List<long>();
        var tolerance = (long)TimeSpan.FromHours(3).TotalSeconds;
        // What was due up to there has fired or is too old.
        var (done, from) = (Start.ToUnixTimeSeconds(), Start.ToUnixTimeSeconds());
        foreach (var (at, to) in sets)
        {
            if (done > from + tolerance)
                done = from;
            // A jump over due times: they fire once, where the clock lands.
            if (due.Exists(time => time > done && time <= from))
            {
                expected.Add(from);
                done = from;
            }

            var until = at.ToUnixTimeSeconds();
            foreach (var time in due.Where(time => time > done && time > from && time < until))
            {
                expected.Add(time);
                done = time;
            }

            from = to?.ToUnixTimeSeconds() ?? until;
        }

        return expected;
    }

    private static long Round(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static string Text(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("u", CultureInfo.InvariantCulture);

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

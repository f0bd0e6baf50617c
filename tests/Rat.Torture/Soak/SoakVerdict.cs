using System.Globalization;

namespace Rat.Torture.Soak;

/// <summary>
/// What must be true of the minutes after the warm-up:
/// 1. memory: the median of the last five minutes is below 1.05 times that of the warm-up's last minute (in the full size: minute 10);
/// 2. file handles: neither the least nor the most of the last five minutes is above that of the same minute. The least is what an idle moment
///    holds, the most what the runs in flight hold besides: a leak lifts both. One more is allowed for the least, since SQLite keeps the file of
///    a closed reader for the next one, and those of one run more in flight for the most;
/// 3. disk use: neither the least nor the most of what lies on the disk at the end of these minutes, right after retention has run, is above that
///    of the warm-up's second half. Retention can't be told to keep less than a day of audit entries, and each chain and each call of retention is
///    one: what they take is allowed on top.
/// </summary>
internal sealed class SoakVerdict(Checks checks, TimeSpan warmUp, double memoryTolerance)
{
    private const int LastMinutes = 5;

    private const int HandlesOfReader = 1;
    private const int HandlesOfRun = 4;

    // A row of audit_log and its entry in an index, rounded up.
    private const double MegabytesOfAuditEntry = 0.0004;

    /// <param name="auditEntriesPerMinute">How many requests are recorded in the audit log.</param>
    public void Judge(IReadOnlyList<SoakMinute> minutes, double auditEntriesPerMinute)
    {
        var warm = minutes.Where(minute => minute.End <= warmUp + TimeSpan.FromSeconds(5)).ToList();
        var before = warm[(warm.Count / 2)..];
        var last = minutes.Skip(warm.Count).TakeLast(LastMinutes).ToList();
        if (last.Count == 0)
        {
            checks.Fail("the soak is longer than its warm-up", $"{minutes.Count} lines, {warm.Count} of them warm-up");
            return;
        }

        Holds("memory", warm[^1].Memory * memoryTolerance, Median(last.Select(minute => minute.Memory)));
        checks.Note(string.Create(CultureInfo.InvariantCulture,
            $"memory after the warm-up {warm[^1].Memory:0.0} MB, at most {minutes.Skip(warm.Count).Max(minute => minute.Memory):0.0} MB in any minute since"));
        Holds("least file handles", warm[^1].LeastHandles + HandlesOfReader, last.Min(minute => minute.LeastHandles));
        Holds("most file handles", warm[^1].MostHandles + HandlesOfRun, last.Max(minute => minute.MostHandles));
        var audit = (minutes.Count - before.Count) * auditEntriesPerMinute * MegabytesOfAuditEntry;
        Holds($"least disk use, {audit:0.0} MB of it for the audit log", before.Min(minute => minute.Disk) + audit, last.Min(minute => minute.Disk));
        Holds($"most disk use, {audit:0.0} MB of it for the audit log", before.Max(minute => minute.Disk) + audit, last.Max(minute => minute.Disk));
    }

    private void Holds(string what, double most, double seen)
    {
        checks.That(seen <= most, $"{what}: no growth", () => string.Create(CultureInfo.InvariantCulture, $"at most {most:0.0} expected, {seen:0.0} seen"));
        checks.Note(string.Create(CultureInfo.InvariantCulture, $"{what}: {seen:0.0}, may be {most:0.0}"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}

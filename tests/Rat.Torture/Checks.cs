namespace Rat.Torture;

/// <summary>Counts what holds and tells at once what doesn't. Safe to use from several threads.</summary>
internal sealed class Checks
{
    private readonly Lock _lock = new();
    private int _passed;
    private int _failed;
    private int _skipped;

    /// <summary>Stands before every message.</summary>
    public string Part { get; set; } = "";

    public int Failed => Volatile.Read(ref _failed);

    public string Summary => $"torture: {_passed} checks passed, {_failed} failed{(_skipped > 0 ? $", {_skipped} skipped" : "")}";

    /// <param name="what">The rule, as a sentence that is true when the check passes.</param>
    /// <param name="detail">What was seen instead.</param>
    public void That(bool holds, string what, Func<string> detail)
    {
        if (holds)
            Interlocked.Increment(ref _passed);
        else
            Fail(what, detail());
    }

    public void That(bool holds, string what) => That(holds, what, () => "it does not");

    /// <summary>Nothing of <paramref name="violations"/> may be there.</summary>
    public void None(IEnumerable<string> violations, string what)
    {
        var seen = violations.Take(6).ToList();
        That(seen.Count == 0, what, () => string.Join("\n    ", seen));
    }

    public void Fail(string what, string detail)
    {
        lock (_lock)
        {
            _failed++;
            Console.WriteLine($"{Part}: FAILED: {what}\n    {detail}");
        }
    }

    public void Fail(string what, Exception exception) => Fail(what, Brief(exception));

    public void Skip(string what, string reason)
    {
        lock (_lock)
        {
            _skipped++;
            Console.WriteLine($"{Part}: skipped: {what}: {reason}");
        }
    }

    public void Note(string text)
    {
        lock (_lock)
            Console.WriteLine($"{Part}: {text}");
    }

    /// <summary>Types, messages and our own lines of the stack.</summary>
    private static string Brief(Exception exception) => string.Join("\n    ", exception.ToString().Split('\n')
        .Where(line => !line.StartsWith("   at ", StringComparison.Ordinal) || line.StartsWith("   at Rat.", StringComparison.Ordinal))
        .Where(line => !line.Contains("--- End", StringComparison.Ordinal)));
}

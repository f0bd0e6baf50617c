using System.Collections.Concurrent;
using Rat.Torture.Server;

namespace Rat.Torture.Buckets;

/// <summary>How a request to the server ended.</summary>
internal enum Ending
{
    Done,

    /// <summary>It said that it didn't.</summary>
    Refused,

    /// <summary>It died before it said anything.</summary>
    Unknown,
}

/// <summary>Requests that may fail because the bucket does; how they fail is held against the rules.</summary>
internal sealed class Attempts(Checks checks)
{
    private readonly ConcurrentDictionary<string, int> _refusals = new();

    /// <summary>Whether the server is killed just now, so that it may break off.</summary>
    public bool IsKilling { get; set; }

    public string Summary => string.Join("; ", _refusals.OrderByDescending(refusal => refusal.Value).Take(8).Select(refusal => $"{refusal.Value}× {refusal.Key}"));

    public async Task<Ending> TryAsync(Func<Task> request)
    {
        try
        {
            await request();
            return Ending.Done;
        }
        catch (ApiException refused)
        {
            checks.That(refused.Status == 503 && !string.IsNullOrWhiteSpace(refused.Told), "what the bucket breaks is a 503 with its cause", () => refused.Message);
            Count(refused.Told ?? refused.Message);
            return Ending.Refused;
        }
        // The client is disposed of with the server that was killed.
        catch (Exception gone) when (gone is HttpRequestException or IOException or TaskCanceledException or ObjectDisposedException)
        {
            checks.That(IsKilling, "the server answers unless it is killed", () => gone.Message);
            return Ending.Unknown;
        }
    }

    /// <summary>Holds the end of a run against the rules.</summary>
    public void See(RunState run)
    {
        if (run.Succeeded)
            return;
        checks.That(run.Status == "failed" && !string.IsNullOrWhiteSpace(run.Error), "a run that didn't succeed has failed and says why", () => run.ToString());
        checks.That(
            run.Error?.Contains("internal error", StringComparison.OrdinalIgnoreCase) != true && run.Error?.Contains("data directory", StringComparison.Ordinal) != true,
            "a run says what the bucket did to it: nothing is wrong with the program or the disk", () => run.ToString());
        Count($"run: {run.Error}");
    }

    // Names and numbers differ each time.
    private void Count(string cause) => _refusals.AddOrUpdate(
        string.Concat(cause.Take(160).Select(letter => char.IsAsciiDigit(letter) ? '#' : letter)), 1, (_, count) => count + 1);
}

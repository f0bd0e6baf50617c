using Rat.Engine.Observation;

namespace Rat.Endpoints.Health;

/// <summary>Runs all checks at once, each with its own limit.</summary>
internal sealed class Readiness(IEnumerable<ReadinessCheck> checks, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>All four are always in the answer (DECISIONS 9), in this order.</summary>
    private static readonly string[] Keys = ["database", "storage", "runner", "query"];

    private readonly Dictionary<string, ReadinessCheck> _checks =
        checks.GroupBy(check => check.Key).ToDictionary(group => group.Key, group => group.Last());

    public async Task<ReadinessResponse> CheckAsync(CancellationToken ct)
    {
        var results = await Task.WhenAll(Keys.Select(key => CheckAsync(key, ct)));
        var isReady = results.All(result => result.Error is null);
        return new ReadinessResponse(
            isReady ? "ready" : "not_ready",
            new OrderedDictionary<string, CheckResult>(Keys.Zip(results, KeyValuePair.Create)));
    }

    private async Task<CheckResult> CheckAsync(string key, CancellationToken ct)
    {
        if (!_checks.TryGetValue(key, out var check))
            return new CheckResult("error", "not started");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            // Task.Run: a check that blocks its thread must not hold up the others. WaitAsync: nor one that ignores the token.
            var failure = await Task.Run(() => check.RunAsync(limit.Token), ct).WaitAsync(Limit, time, ct);
            return failure is null ? new CheckResult("ok") : new CheckResult("error", failure.Message);
        }
        catch (TimeoutException)
        {
            await limit.CancelAsync();
            return new CheckResult("error", "no answer within 2 s");
        }
#pragma warning disable CA1031 // Whatever breaks inside a check is what this endpoint is asked about.
        catch (Exception broken) when (broken is not OperationCanceledException || !ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return new CheckResult("error", "check failed");
        }
    }
}

using System.Collections.Concurrent;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>One token bucket per client address. Shared by the API's limiter and, with numbers of its own, the webhook's.</summary>
internal sealed class AddressBuckets(double tokensPerSecond, int burst, TimeProvider time)
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan IdleFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);
    private readonly long _epoch = time.GetTimestamp();
    private double _nextSweep = SweepEvery.TotalSeconds;

    public int Burst => burst;

    /// <summary>How many addresses are remembered.</summary>
    public int Count => _buckets.Count;

    public TokenGrant Take(string address)
    {
        var now = time.GetElapsedTime(_epoch).TotalSeconds;
        Sweep(now);
        return _buckets.GetOrAdd(address, _ => new TokenBucket(tokensPerSecond, burst, now)).Take(now);
    }

    /// <summary>Done by whoever comes by when it is due, not by a timer: an idle server stays asleep.</summary>
    private void Sweep(double now)
    {
        var due = Volatile.Read(ref _nextSweep);
        if (now < due || Interlocked.CompareExchange(ref _nextSweep, now + SweepEvery.TotalSeconds, due) != due)
            return;
        foreach (var (address, bucket) in _buckets)
        {
            // An idle bucket is a full one: dropping it and making it again later are the same to the client.
            if (bucket.IsIdleSince(now - IdleFor.TotalSeconds))
                _buckets.TryRemove(address, out _);
        }
    }
}

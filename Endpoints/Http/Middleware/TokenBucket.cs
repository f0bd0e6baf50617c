namespace Rat.Endpoints.Http.Middleware;

/// <summary>A token bucket. Thread-safe; time is passed in as seconds of any steadily running clock.</summary>
internal sealed class TokenBucket(double tokensPerSecond, int burst, double now)
{
    private readonly Lock _lock = new();
    private double _tokens = burst;
    private double _filledAt = now;

    /// <summary>Takes a token if there is one.</summary>
    public TokenGrant Take(double now)
    {
        lock (_lock)
        {
            _tokens = Math.Min(burst, _tokens + (Math.Max(0, now - _filledAt) * tokensPerSecond));
            _filledAt = Math.Max(_filledAt, now);
            if (_tokens < 1)
                return new TokenGrant(false, 0, Math.Max(1, (int)Math.Ceiling((1 - _tokens) / tokensPerSecond)));
            _tokens -= 1;
            return new TokenGrant(true, (int)_tokens, 0);
        }
    }

    /// <summary>True when nobody has asked since <paramref name="time"/>.</summary>
    public bool IsIdleSince(double time)
    {
        lock (_lock)
            return _filledAt < time;
    }
}

/// <param name="Remaining">Whole tokens left.</param>
/// <param name="RetryAfterSeconds">At least 1 when refused, else 0.</param>
internal readonly record struct TokenGrant(bool Granted, int Remaining, int RetryAfterSeconds);

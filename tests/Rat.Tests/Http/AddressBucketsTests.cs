using Rat.Endpoints.Http.Middleware;

namespace Rat.Tests.Http;

/// <summary>Token buckets under a clock that the test turns.</summary>
public class AddressBucketsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_bucket_empties_and_fills_again()
    {
        var buckets = new AddressBuckets(tokensPerSecond: 2, burst: 4, _time);
        Assert.Equal([3, 2, 1, 0], Enumerable.Range(0, 4).Select(_ => buckets.Take("a").Remaining));
        Assert.Equal(new TokenGrant(false, 0, 1), buckets.Take("a"));
        Assert.True(buckets.Take("b").Granted);

        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.True(buckets.Take("a").Granted);
        Assert.False(buckets.Take("a").Granted);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, buckets.Take("a").Remaining);
    }

    [Fact]
    public void Waiting_is_rounded_up()
    {
        var buckets = new AddressBuckets(tokensPerSecond: 0.3, burst: 1, _time);
        Assert.True(buckets.Take("a").Granted);
        Assert.Equal(4, buckets.Take("a").RetryAfterSeconds);
    }

    [Fact]
    public void Idle_addresses_are_forgotten()
    {
        var buckets = new AddressBuckets(tokensPerSecond: 1, burst: 2, _time);
        foreach (var address in Enumerable.Range(0, 1000))
            buckets.Take($"10.0.0.{address}");
        _time.Advance(TimeSpan.FromMinutes(6));
        buckets.Take("active");
        Assert.Equal(1001, buckets.Count);
        _time.Advance(TimeSpan.FromMinutes(6));
        buckets.Take("active");
        Assert.Equal(1, buckets.Count);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}

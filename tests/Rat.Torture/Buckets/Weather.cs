using Rat.Tests.Objects;

namespace Rat.Torture.Buckets;

/// <summary>How bad the way to the S3 server is for a while. Requests ask from many threads.</summary>
internal sealed class Weather(Random random)
{
    private static readonly Fault[] Faults = [Fault.Drop, Fault.Busy, Fault.LoseAnswer, Fault.CutAnswer, Fault.Silence, Fault.Slow];
    private static readonly double[] Rates = [0.05, 0.2, 0.5];

    private readonly Lock _lock = new();
    private readonly Dictionary<Fault, int> _counts = Faults.ToDictionary(fault => fault, _ => 0);
    private double _rate;
    private bool _isAway;
    private int _requests;

    public string Summary
    {
        get
        {
            lock (_lock)
                return $"{_requests} requests, of them {string.Join(", ", _counts.Select(count => $"{count.Value} {count.Key}"))}";
        }
    }

    public void Clear() => Set(0, isAway: false);

    /// <summary>Some requests go wrong from now on.</summary>
    public void Change() => Set(Rates[random.Next(Rates.Length)], isAway: false);

    /// <summary>The server isn't there any more.</summary>
    public void TakeAway() => Set(0, isAway: true);

    public Fault Choose()
    {
        lock (_lock)
        {
            _requests++;
            var fault = _isAway ? Fault.Drop : random.NextDouble() < _rate ? Faults[random.Next(Faults.Length)] : Fault.None;
            if (fault != Fault.None)
                _counts[fault]++;
            return fault;
        }
    }

    private void Set(double rate, bool isAway)
    {
        lock (_lock)
            (_rate, _isAway) = (rate, isAway);
    }
}

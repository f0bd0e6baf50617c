namespace Rat.Storage.Backup;

/// <summary>Tells of a time without success once, and how long to wait before each next try.</summary>
internal sealed class Outage(string place, ILogger logger)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private TimeSpan _pause = First;

    /// <summary>Null while all is well. For any thread.</summary>
    public Failure? Problem { get; private set; }

    /// <summary>It went wrong.</summary>
    /// <returns>When to try again.</returns>
    public TimeSpan Failed(string reason)
    {
        if (Problem is null)
            logger.NotShipping(place, reason);
        Problem = Failure.Unavailable(reason);
        var pause = _pause;
        _pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, Longest.Ticks));
        return pause;
    }

    /// <summary>It went well.</summary>
    public void Succeeded()
    {
        if (Problem is not null)
            logger.ShippingAgain(place);
        Problem = null;
        _pause = First;
    }
}

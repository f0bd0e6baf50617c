namespace Rat.Engine.Automation.Clock;

/// <summary>Waits for a moment of the wall clock, whatever happens to that clock meanwhile.</summary>
internal interface IAlarm : IDisposable
{
    /// <summary>
    /// Blocks until the wall clock shows <paramref name="until"/> or later, until it was set, or until <see cref="Wake"/>; null waits for the
    /// latter two. It may return early. A wake between two waits ends the next one at once. One thread waits.
    /// </summary>
    void Wait(DateTimeOffset? until);

    /// <summary>Ends the wait. May be called from any thread.</summary>
    void Wake();
}

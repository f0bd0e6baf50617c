namespace Rat.Engine.Automation.Clock;

/// <summary>An alarm for systems without one of the kernel's: it looks at the clock once a second while it waits for a time.</summary>
internal sealed class PatientAlarm(TimeProvider time) : IAlarm
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly AutoResetEvent _woken = new(initialState: false);

    public void Wait(DateTimeOffset? until)
    {
        if (until is not { } moment)
        {
            _woken.WaitOne();
            return;
        }

        var left = moment - time.GetUtcNow();
        if (left > TimeSpan.Zero)
            _woken.WaitOne(left < Longest ? left : Longest);
    }

    public void Wake() => _woken.Set();

    public void Dispose() => _woken.Dispose();
}

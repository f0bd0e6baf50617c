using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Rat.Engine.Automation.Clock;

/// <summary>
/// An alarm of the Linux kernel (timerfd_create(2)): it rings by the wall clock itself, so that a clock that is set and a machine that slept are
/// noticed as they happen, and nothing wakes up in between.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed partial class KernelAlarm : IAlarm
{
    private const int WallClock = 0;                // CLOCK_REALTIME
    private const int CloseOnExec = 0x80000;        // TFD_CLOEXEC
    private const int AbsoluteOrClockSet = 0x1 | 0x2; // TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
    private const long NanosecondsPerTick = 100;
    private const long Never = 253_402_300_799;     // the year 9999, in seconds

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _timer;
    private bool _woken;

    private KernelAlarm(SafeFileHandle timer) => _timer = timer;

    /// <summary>Null when the kernel has none to give.</summary>
    public static KernelAlarm? TryCreate()
    {
        var descriptor = CreateTimer(WallClock, CloseOnExec);
        return descriptor < 0 ? null : new KernelAlarm(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    public void Wait(DateTimeOffset? until)
    {
        lock (_lock)
        {
            if (_woken)
            {
                _woken = false;
                return;
            }

            // A value of 0 would mean "off".
            var ticks = until is { } time ? Math.Max(1, time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) : Never * TimeSpan.TicksPerSecond;
            Set(ticks);
        }

        // Fails when the clock was set or a signal came: the caller looks at the clock again in any case.
        _ = Read(_timer, out _, sizeof(ulong));
        lock (_lock)
            _woken = false;
    }

    public void Wake()
    {
        lock (_lock)
        {
            _woken = true;
            Set(1);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Set(long ticks)
    {
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        var setting = new TimerSetting { ValueSeconds = (nint)seconds, ValueNanoseconds = (nint)(rest * NanosecondsPerTick) };
        _ = SetTimer(_timer, AbsoluteOrClockSet, in setting, 0);
    }

    // struct itimerspec
    private struct TimerSetting
    {
        public nint IntervalSeconds;
        public nint IntervalNanoseconds;
        public nint ValueSeconds;
        public nint ValueNanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int CreateTimer(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static partial int SetTimer(SafeFileHandle timer, int flags, in TimerSetting setting, nint previous);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle timer, out ulong expirations, nint size);
}

namespace Rat.Engine.Automation.Clock;

/// <summary>The alarm that this system can give.</summary>
internal static class Alarms
{
    public static IAlarm Create(TimeProvider time) =>
        OperatingSystem.IsLinux() && KernelAlarm.TryCreate() is { } alarm ? alarm : new PatientAlarm(time);
}

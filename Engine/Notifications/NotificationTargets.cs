namespace Rat.Engine.Notifications;

/// <summary>The targets, by their names in the database.</summary>
internal static class NotificationTargets
{
    public const string Callback = "callback";
    public const string Lineage = "lineage";

    public static IReadOnlyList<string> All { get; } = [Callback, Lineage];

    /// <summary>Those that have an address.</summary>
    public static IEnumerable<string> Of(NotificationSettings settings) => All.Where(target => AddressOf(target, settings) is not null);

    /// <summary>Null when it isn't told anything.</summary>
    public static Uri? AddressOf(string target, NotificationSettings settings) => target == Callback ? settings.Callback : settings.Lineage;
}

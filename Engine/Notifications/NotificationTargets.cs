namespace Rat.Engine.Notifications;

/// <summary>The targets, by their names in the database.</summary>
internal static class NotificationTargets
{
    public const string Callback = "callback";
    public const string Lineage = "lineage";
}

namespace Rat.Engine.Notifications;

/// <summary>Who is told of runs.</summary>
/// <param name="Callback">Gets a message when a run failed, when quality tests refused one, and when a pipeline has recovered.</param>
/// <param name="Secret">Signs the messages to the callback; null: they aren't signed.</param>
/// <param name="Lineage">Gets OpenLineage events of every run.</param>
/// <param name="LineageKey">Sent to it as a bearer token.</param>
internal sealed record NotificationSettings(Uri? Callback = null, string? Secret = null, Uri? Lineage = null, string? LineageKey = null);

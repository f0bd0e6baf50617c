using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Engine.Automation.Triggers;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Automation;

/// <summary>A trigger (schema <c>Trigger</c>).</summary>
/// <param name="WebhookUrl">Of webhooks only.</param>
/// <param name="WebhookToken">Only in the answer that made a webhook.</param>
internal sealed record TriggerModel(
    Guid Id,
    Guid PipelineId,
    string Type,
    TriggerConfig Config,
    bool Enabled,
    int CooldownSeconds,
    [property: JsonConverter(typeof(Timestamp))] long? LastTriggeredAt,
    Guid? LastRunId,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt,
    [property: JsonConverter(typeof(Timestamp))] long UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WebhookUrl,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WebhookToken)
{
    public static TriggerModel Of(TriggerRow row, HttpRequest request, string? token = null) => new(
        row.Id, row.PipelineId, row.Type, TriggerConfig.Parse(row.Config), row.Enabled, row.CooldownSeconds, row.LastTriggeredAt, row.LastRunId,
        row.CreatedAt, row.UpdatedAt, row.Type == TriggerTypes.Webhook ? $"{request.Scheme}://{request.Host}/api/v1/webhooks" : null, token);
}

/// <summary>All triggers of a pipeline (schema <c>TriggerList</c>).</summary>
internal sealed record TriggerListModel(IReadOnlyList<TriggerModel> Triggers, int Total);

/// <summary>Body of <c>POST …/triggers</c>. All fields are optional here so that a missing one gets a message of its own.</summary>
internal sealed record CreateTriggerBody(string? Type, TriggerConfig? Config, bool? Enabled, int? CooldownSeconds);

/// <summary>Body of <c>PUT …/triggers/…</c>: absent means unchanged.</summary>
internal sealed record UpdateTriggerBody(TriggerConfig? Config, bool? Enabled, int? CooldownSeconds);

/// <summary>Answer of <c>POST /webhooks</c> (schema <c>WebhookFired</c>).</summary>
internal sealed record WebhookFiredModel(Guid RunId);

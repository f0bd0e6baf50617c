using System.Text.Json.Serialization;

namespace Rat.Endpoints.Automation;

/// <summary>JSON of schedules, triggers and webhooks.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ScheduleModel))]
[JsonSerializable(typeof(ScheduleListModel))]
[JsonSerializable(typeof(CreateScheduleBody))]
[JsonSerializable(typeof(UpdateScheduleBody))]
[JsonSerializable(typeof(TriggerModel))]
[JsonSerializable(typeof(TriggerListModel))]
[JsonSerializable(typeof(CreateTriggerBody))]
[JsonSerializable(typeof(UpdateTriggerBody))]
[JsonSerializable(typeof(WebhookFiredModel))]
internal sealed partial class AutomationJson : JsonSerializerContext;

using Rat.Endpoints.Automation;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class AutomationOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/triggers", "listTriggers", "Triggers", "List a pipeline's triggers")
        {
            Answers = [Answer.Json(200, () => AutomationJson.Default.TriggerListModel)],
            Errors = [400, 404],
        },
        new("POST", "/api/v1/pipelines/{namespace}/{layer}/{name}/triggers", "createTrigger", "Triggers", "Create a trigger")
        {
            Body = RequestContent.Json(() => AutomationJson.Default.CreateTriggerBody, "type"),
            Answers = [Answer.Json(201, () => AutomationJson.Default.TriggerModel)],
            Errors = [400, 404],
        },
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/triggers/{trigger_id}", "getTrigger", "Triggers", "Get a trigger")
        {
            Answers = [Answer.Json(200, () => AutomationJson.Default.TriggerModel)],
            Errors = [400, 404],
        },
        new(
            "PUT", "/api/v1/pipelines/{namespace}/{layer}/{name}/triggers/{trigger_id}", "updateTrigger",
            "Triggers", "Partially update a trigger")
        {
            Body = RequestContent.Json(() => AutomationJson.Default.UpdateTriggerBody),
            Answers = [Answer.Json(200, () => AutomationJson.Default.TriggerModel)],
            Errors = [400, 404],
        },
        new("DELETE", "/api/v1/pipelines/{namespace}/{layer}/{name}/triggers/{trigger_id}", "deleteTrigger", "Triggers", "Delete a trigger")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404],
        },
        new("GET", "/api/v1/schedules", "listSchedules", "Schedules", "List schedules")
        {
            Parameters = [.. Parameter.Page],
            Answers = [Answer.Json(200, () => AutomationJson.Default.ScheduleListModel)],
        },
        new("POST", "/api/v1/schedules", "createSchedule", "Schedules", "Create a schedule")
        {
            Body = RequestContent.Json(() => AutomationJson.Default.CreateScheduleBody, "namespace", "layer", "pipeline", "cron"),
            Answers = [Answer.Json(201, () => AutomationJson.Default.ScheduleModel)],
            Errors = [400, 404],
        },
        new("GET", "/api/v1/schedules/{schedule_id}", "getSchedule", "Schedules", "Get a schedule")
        {
            Answers = [Answer.Json(200, () => AutomationJson.Default.ScheduleModel)],
            Errors = [404],
        },
        new("PUT", "/api/v1/schedules/{schedule_id}", "updateSchedule", "Schedules", "Partially update a schedule")
        {
            Body = RequestContent.Json(() => AutomationJson.Default.UpdateScheduleBody),
            Answers = [Answer.Json(200, () => AutomationJson.Default.ScheduleModel)],
            Errors = [400, 404],
        },
        new("DELETE", "/api/v1/schedules/{schedule_id}", "deleteSchedule", "Schedules", "Delete a schedule")
        {
            Answers = [Answer.Empty(204)],
            Errors = [404],
        },
        new("POST", "/api/v1/webhooks", "fireWebhook", "Webhooks", "Start a run with a webhook token")
        {
            Answers = [Answer.Json(201, () => AutomationJson.Default.WebhookFiredModel)],
            IsByToken = true,
            Errors = [400, 404],
        },
    ];
}

using System.Text.Json.Nodes;

namespace Rat.Endpoints.OpenApi;

/// <summary>What the types of fields don't tell: their values, and that null means something in a body.</summary>
internal static class Facets
{
    private static readonly string[] Layers = ["bronze", "silver", "gold"];
    private static readonly string[] RunStatuses = ["pending", "running", "success", "failed", "cancelled"];
    private static readonly string[] TriggerTypes = ["landing_zone_upload", "cron", "pipeline_success", "webhook", "file_pattern", "cron_dependency"];
    private static readonly string[] Severities = ["error", "warn"];
    private static readonly string[] Permissions = ["read", "write", "admin"];
    private static readonly string[] PipelineTypes = ["sql", "python"];

    /// <summary>Fields that an answer has beyond the contract.</summary>
    private static readonly HashSet<string> Extensions = ["TableDetail.metadata_location", "Published.validation"];

    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["Pipeline.type"] = PipelineTypes,
        ["CreatePipelineRequest.type"] = PipelineTypes,
        ["UpdatePipelineRequest.type"] = PipelineTypes,
        ["Run.status"] = RunStatuses,
        ["LastRun.status"] = RunStatuses,
        ["RunRef.status"] = RunStatuses,
        ["RunLogs.status"] = RunStatuses,
        ["LogEntry.level"] = ["debug", "info", "warn", "error"],
        ["QualityTest.severity"] = Severities,
        ["CreatedQualityTest.severity"] = Severities,
        ["QualityTestResult.severity"] = Severities,
        ["QualityTestResult.status"] = ["passed", "failed", "warned", "error"],
        ["CreateQualityTestRequest.severity"] = ["error", "warn", "warning"],
        ["Trigger.type"] = TriggerTypes,
        ["CreateTriggerRequest.type"] = TriggerTypes,
        ["LineageNode.type"] = ["pipeline", "table", "landing_zone"],
        ["LineageEdge.type"] = ["ref", "produces", "landing_input"],
        ["LineageRun.status"] = RunStatuses,
        ["ReadinessResponse.status"] = ["ready", "not_ready"],
        ["CheckResult.status"] = ["ok", "error"],
        ["FileInfo.type"] = ["pipeline-sql", "pipeline-py", "config", "meta", "doc", "test", "hook", ""],
        ["ShareRequest.resource_type"] = ["pipeline", "namespace", "landing_zone"],
        ["ShareRequest.permission"] = Permissions,
        ["AccessGrant.permission"] = Permissions,
        ["AuditEntry.action"] = ["post", "put", "delete"],
        ["ApiError.type"] = ["VALIDATION", "AUTHENTICATION", "AUTHORIZATION", "NOT_FOUND", "CONFLICT", "RATE_LIMIT", "INTERNAL", "UNAVAILABLE"],
        ["ApiError.code"] =
        [
            "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "METHOD_NOT_ALLOWED", "ALREADY_EXISTS", "CONFLICT",
            "RATE_LIMITED", "NOT_IMPLEMENTED", "UNAVAILABLE", "INTERNAL",
        ],
    };

    /// <summary>The schema of a field whose type says nothing of it; null for the others.</summary>
    public static JsonObject? Of(string owner, string field) => $"{owner}.{field}" switch
    {
        "UpdatePipelineRequest.owner" or "UpdateLandingZoneRequest.owner" or "UpdateTableMetadataRequest.owner"
            or "UpdateTableMetadataRequest.description" => OrNull("string"),
        // An object of settings, kept as it was given.
        "Pipeline.retention_config" => OrNull("object"),
        "UpdateLifecycleRequest.processed_max_age_days" => OrNull("integer"),
        // By the trigger's type.
        "CreateTriggerRequest.config" or "UpdateTriggerRequest.config" => SchemaWriter.Plain("object"),
        "UpdateTableMetadataRequest.column_descriptions" =>
            new JsonObject { ["type"] = "object", ["additionalProperties"] = SchemaWriter.Plain("string") },
        _ => null,
    };

    /// <summary>Adds what is known of a field's values.</summary>
    public static void Add(string owner, string field, JsonObject schema)
    {
        if (field == "layer")
            schema["enum"] = new JsonArray([.. Layers]);
        if (Values.GetValueOrDefault($"{owner}.{field}") is { } values)
            schema["enum"] = new JsonArray([.. values]);
        if ($"{owner}.{field}" == "LicenseInfo.expires_at")
            schema["format"] = "date-time"; // a text that comes from elsewhere
        if (Extensions.Contains($"{owner}.{field}"))
            schema["x-rat-extension"] = true;
    }

    private static JsonObject OrNull(string type) => new() { ["type"] = new JsonArray(type, "null") };
}

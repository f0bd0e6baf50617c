using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Automation;

/// <summary>A schedule (schema <c>Schedule</c>).</summary>
internal sealed record ScheduleModel(
    Guid Id,
    Guid PipelineId,
    string Namespace,
    string Layer,
    string Pipeline,
    string Cron,
    bool Enabled,
    Guid? LastRunId,
    [property: JsonConverter(typeof(Timestamp))] long? LastRunAt,
    [property: JsonConverter(typeof(Timestamp))] long? NextRunAt,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt,
    [property: JsonConverter(typeof(Timestamp))] long UpdatedAt)
{
    public static ScheduleModel Of(ScheduleRow row) => new(
        row.Id, row.PipelineId, row.Pipeline.Namespace, row.Pipeline.Layer, row.Pipeline.Name, row.Cron, row.Enabled, row.LastRunId, row.LastRunAt,
        row.NextRunAt, row.CreatedAt, row.UpdatedAt);
}

/// <summary>One page of schedules (schema <c>ScheduleList</c>).</summary>
internal sealed record ScheduleListModel(IReadOnlyList<ScheduleModel> Schedules, long Total);

/// <summary>Body of <c>POST /schedules</c>. All fields are optional here so that a missing one gets a message of its own.</summary>
internal sealed record CreateScheduleBody(string? Namespace, string? Layer, string? Pipeline, string? Cron, bool? Enabled);

/// <summary>Body of <c>PUT /schedules/…</c>: absent means unchanged.</summary>
internal sealed record UpdateScheduleBody(string? Cron, bool? Enabled);

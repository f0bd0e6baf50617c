using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Engine.Observation;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Audit;

/// <summary>The audit log: who asked for what.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api) => api.MapGet("/audit", List);

    private static async Task<IResult> List(HttpContext context, AuditTrail trail, PageCache pages)
    {
        await trail.WrittenAsync(context.RequestAborted);
        var paging = Paging.Of(context.Request);
        return pages.Answer(context, AuditJson.Default.AuditListModel, AuditTrail.Listed, () =>
        {
            var (entries, total) = trail.List(paging.Limit, paging.Offset);
            return new AuditListModel([.. entries.Select(AuditEntryModel.Of)], total);
        });
    }
}

/// <summary>An entry (schema <c>AuditEntry</c>).</summary>
/// <param name="Detail">Always empty.</param>
internal sealed record AuditEntryModel(
    Guid Id,
    string UserId,
    string Action,
    string Resource,
    string Detail,
    string Ip,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt)
{
    public static AuditEntryModel Of(AuditRow row) => new(row.Id, row.UserId, row.Action, row.Resource, Detail: "", row.Address, row.CreatedAt);
}

/// <summary>One page of the log (schema <c>AuditList</c>).</summary>
internal sealed record AuditListModel(IReadOnlyList<AuditEntryModel> Entries, long Total);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(AuditListModel))]
internal sealed partial class AuditJson : JsonSerializerContext;

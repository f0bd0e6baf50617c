using Rat.Endpoints.Audit;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class AuditOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/audit", "listAuditLog", "Audit", "Audit log")
        {
            Parameters = [.. Parameter.Page],
            Answers = [Answer.Json(200, () => AuditJson.Default.AuditListModel)],
        },
    ];
}

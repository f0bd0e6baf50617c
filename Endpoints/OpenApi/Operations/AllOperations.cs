namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of all groups, and those that only rat has.</summary>
internal static class AllOperations
{
    private static readonly IReadOnlyList<Operation> Ours =
    [
        new("GET", "/api/v1/openapi.json", "getOpenApi", "Health", "This document")
        {
            Answers = [Answer.Text(200, "application/json")],
            IsExtension = true,
        },
    ];

    public static IEnumerable<Operation> List() =>
    [
        .. HealthOperations.All, .. PipelinesOperations.All, .. MetadataOperations.All, .. RunsOperations.All, .. QueriesOperations.All,
        .. TablesOperations.All, .. FilesOperations.All, .. LandingZonesOperations.All, .. QualityOperations.All, .. NamespacesOperations.All,
        .. SharingOperations.All, .. AuditOperations.All, .. Ours,
    ];
}

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class SharingOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/api/v1/sharing", "shareResource", "Sharing", "Grant access")
        {
            Body = RequestContent.Json(() => DocumentJson.Default.ShareBody, "grantee_id", "resource_type", "resource_id", "permission"),
            Answers = [Answer.Json(201, () => DocumentJson.Default.AccessGrantModel)],
            Errors = [400, 403, 404, 501],
        },
        new("GET", "/api/v1/sharing", "listAccess", "Sharing", "List grants of a resource")
        {
            Parameters =
            [
                Parameter.Choice("resource_type", "pipeline", "namespace", "landing_zone") with { IsRequired = true },
                Parameter.Query("resource_id") with { IsRequired = true },
            ],
            Answers = [Answer.Json(200, () => DocumentJson.Default.AccessGrantListModel)],
            Errors = [400, 501],
        },
        new("DELETE", "/api/v1/sharing/{grant_id}", "revokeAccess", "Sharing", "Revoke a grant")
        {
            Answers = [Answer.Empty(204)],
            Errors = [403, 404, 501],
        },
        new("POST", "/api/v1/sharing/transfer", "transferOwnership", "Sharing", "Hand a pipeline to another user")
        {
            Body = RequestContent.Json(() => DocumentJson.Default.TransferBody, "resource_type", "resource_id", "to_user_id"),
            Answers = [Answer.Json(200, () => DocumentJson.Default.TransferredModel)],
            Errors = [400, 403, 404, 501],
        },
    ];
}

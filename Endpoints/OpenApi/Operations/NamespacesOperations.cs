using Rat.Endpoints.Namespaces;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class NamespacesOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/namespaces", "listNamespaces", "Namespaces", "List namespaces")
        {
            Parameters = [.. Parameter.Page],
            Answers = [Answer.Json(200, () => NamespacesJson.Default.NamespaceListModel)],
        },
        new("POST", "/api/v1/namespaces", "createNamespace", "Namespaces", "Create a namespace")
        {
            Body = RequestContent.Json(() => NamespacesJson.Default.CreateNamespaceBody, "name"),
            Answers = [Answer.Json(201, () => NamespacesJson.Default.NamespaceModel)],
            Errors = [400, 409],
        },
        new("PUT", "/api/v1/namespaces/{name}", "updateNamespace", "Namespaces", "Change the description")
        {
            Body = RequestContent.Json(() => NamespacesJson.Default.UpdateNamespaceBody, "description"),
            Answers = [Answer.Empty(204)],
            Errors = [400, 404],
        },
        new("DELETE", "/api/v1/namespaces/{name}", "deleteNamespace", "Namespaces", "Delete an empty namespace")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 403, 404, 409],
        },
    ];
}

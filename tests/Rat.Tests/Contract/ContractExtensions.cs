namespace Rat.Tests.Contract;

/// <summary>The only place that lists where answers go beyond <c>openapi.yaml</c>.</summary>
internal static class ContractExtensions
{
    /// <summary>Fields, as <c>Schema.field</c>.</summary>
    public static IReadOnlySet<string> Fields { get; } = new HashSet<string>
    {
        "PublishResponse.validation", // the warnings of the draft that was published
        "TableDetail.metadata_location", // the absolute address of the Iceberg metadata, for other engines
    };

    /// <summary>Operations of rat's own, described in docs/api-extensions.md.</summary>
    private static readonly (string Method, string Template)[] Operations =
    [
        ("GET", "/api/v1/tables/{namespace}/{layer}/{name}/snapshots"),
        ("POST", "/api/v1/tables/{namespace}/{layer}/{name}/rollback"),
        ("GET", "/api/v1/admin/notifications"),
        ("PUT", "/api/v1/admin/notifications"),
        ("DELETE", "/api/v1/admin/notifications"),
    ];

    /// <param name="path">Percent-encoded, without the query.</param>
    public static bool HasOperation(string method, string path) => Operations.Any(operation =>
        operation.Method == method
        && operation.Template.Split('/') is var template && path.Split('/') is var segments && template.Length == segments.Length
        && template.Zip(segments).All(pair => pair.First == pair.Second || pair.First.StartsWith('{')));

    /// <summary>Statuses that an operation may have although its description doesn't list them. Their body is the error envelope.</summary>
    public static bool AllowsStatus(ContractOperation operation, int status) => status switch
    {
        403 => operation.Method is not "GET", // a page of another origin
        _ => false,
    };
}

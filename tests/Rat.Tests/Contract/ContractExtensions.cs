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

    /// <summary>Statuses that an operation may have although its description doesn't list them. Their body is the error envelope.</summary>
    public static bool AllowsStatus(ContractOperation operation, int status) => status switch
    {
        403 => operation.Method is not "GET", // a page of another origin
        _ => false,
    };
}

using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>One operation of the contract.</summary>
/// <param name="Template">Its path, such as <c>/api/v1/runs/{run_id}</c>.</param>
internal sealed record ContractOperation(string Id, string Tag, string Method, string Template, JsonObject Responses);

/// <summary><c>tests/contract/openapi.yaml</c>, read once.</summary>
internal sealed class ContractDocument
{
    private static readonly Lazy<ContractDocument> Lazy = new(() => new ContractDocument());

    private readonly List<(string[] Segments, ContractOperation Operation)> _operations = [];

    private ContractDocument()
    {
        var root = YamlToJson.Load(Path.Combine(Repository.Root, "tests", "contract", "openapi.yaml"));
        Schemas = new SchemaValidator(root, ContractExtensions.Fields);
        foreach (var (template, methods) in (JsonObject)root["paths"]!)
        {
            foreach (var (method, operation) in (JsonObject)methods!)
            {
                var id = operation!["operationId"]!.GetValue<string>();
                var tag = operation["tags"]![0]!.GetValue<string>();
                var responses = (JsonObject)operation["responses"]!;
                _operations.Add((template.Split('/'), new ContractOperation(id, tag, method.ToUpperInvariant(), template, responses)));
            }
        }
    }

    public static ContractDocument Instance => Lazy.Value;

    public SchemaValidator Schemas { get; }

    public IEnumerable<ContractOperation> Operations => _operations.Select(entry => entry.Operation);

    /// <summary>The operation that answers a request, or null. A literal segment goes before a parameter (OpenAPI 3.1, "Paths Object").</summary>
    /// <param name="path">As it is sent: percent-encoded, without the query.</param>
    public ContractOperation? Find(string method, string path)
    {
        // HEAD is answered like GET (behaviour §1).
        var wanted = method == "HEAD" ? "GET" : method;
        var segments = path.Split('/');
        return _operations
            .Where(entry => entry.Operation.Method == wanted && Matches(entry.Segments, segments))
            .OrderByDescending(entry => entry.Segments.Count(segment => !IsParameter(segment)))
            .Select(entry => entry.Operation)
            .FirstOrDefault();
    }

    // {path} takes the whole rest (x-multi-segment).
    private static bool Matches(string[] template, string[] path) =>
        (template.Length == path.Length || (template[^1] == "{path}" && path.Length >= template.Length))
        && template.Zip(path).All(pair => pair.First == pair.Second || IsParameter(pair.First));

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}

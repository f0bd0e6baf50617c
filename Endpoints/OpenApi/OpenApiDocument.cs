using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Http;
using Rat.Endpoints.OpenApi.Operations;

namespace Rat.Endpoints.OpenApi;

/// <summary>
/// The OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0): the routes that this server has, each with what <see cref="Operation"/> says of
/// it, schemas from the serializer's metadata. A route that nothing is said of is in it too, marked <c>x-rat-undescribed</c>.
/// </summary>
internal sealed class OpenApiDocument
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE"];

    private readonly SchemaWriter _schemas = new();
    private readonly Dictionary<(string Method, string Path), Operation> _operations =
        AllOperations.List().ToDictionary(operation => (operation.Method, operation.Path));

    public static JsonObject Of(EndpointDataSource routes) => new OpenApiDocument().Write(routes);

    private JsonObject Write(EndpointDataSource routes)
    {
        var paths = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var route in routes.Endpoints.OfType<RouteEndpoint>())
        {
            var path = (route.RoutePattern.RawText ?? "").Replace("{**", "{", StringComparison.Ordinal);
            foreach (var method in (route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Intersect(Methods))
            {
                if (!paths.TryGetValue(path, out var item))
                    item = paths[path] = [];
                item[method.ToLowerInvariant()] = OperationOf(method, path, route);
            }
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "rat API", ["version"] = BuildInformation.Version },
            ["security"] = new JsonArray(new JsonObject(), Needs("apiKeyHeader"), Needs("bearer")),
            ["paths"] = new JsonObject(paths.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["apiKeyHeader"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Api-Key" },
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["webhookToken"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "X-Webhook-Token" },
                    ["webhookBearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["schemas"] = new JsonObject(_schemas.Components.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
            },
        };
    }

    private JsonObject OperationOf(string method, string path, RouteEndpoint route)
    {
        if (!_operations.TryGetValue((method, path), out var operation))
            return new JsonObject { ["x-rat-undescribed"] = true, ["responses"] = new JsonObject() };
        var node = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
        };
        var parameters = new JsonArray([.. route.RoutePattern.Parameters.Select(InPath), .. operation.Parameters.Select(Of)]);
        if (parameters.Count > 0)
            node["parameters"] = parameters;
        if (operation.Body is { } body)
            node["requestBody"] = Of(body);
        node["responses"] = Responses(operation);
        if (operation.IsByToken)
            node["security"] = new JsonArray(Needs("webhookToken"), Needs("webhookBearer"));
        else if (!IsApi(operation))
            node["security"] = new JsonArray();
        if (operation.IsExtension)
            node["x-rat-extension"] = true;
        return node;
    }

    private JsonObject Responses(Operation operation)
    {
        var responses = new SortedDictionary<int, JsonObject>();
        foreach (var answer in operation.Answers)
        {
            if (!responses.TryGetValue(answer.Status, out var response))
                response = responses[answer.Status] = new JsonObject { ["description"] = Description(answer.Status) };
            if (answer.MediaType is null)
                continue;
            if (response["content"] is not JsonObject content)
                response["content"] = content = [];
            var schema = answer.Type is { } type ? _schemas.Answer(type()) : SchemaWriter.Plain("string");
            content[answer.MediaType] = new JsonObject { ["schema"] = schema };
        }

        foreach (var status in Errors(operation))
            responses.TryAdd(status, Envelope(status));
        // The contract names it for few of the operations that a page of another origin can't call.
        if (IsApi(operation) && operation.Method != "GET" && responses.TryAdd(403, Envelope(403)))
            responses[403]["x-rat-extension"] = true;
        return new JsonObject(responses.Select(entry =>
            KeyValuePair.Create(entry.Key.ToString(CultureInfo.InvariantCulture), (JsonNode?)entry.Value)));
    }

    private static IEnumerable<int> Errors(Operation operation)
    {
        if (!IsApi(operation))
            return operation.Errors;
        List<int> errors = [.. operation.Errors, 429, 500];
        if (!operation.IsByToken)
            errors.Add(401);
        if (operation.Body is not null)
            errors.Add(413);
        return errors;
    }

    private static JsonObject Needs(string scheme) => new() { [scheme] = new JsonArray() };

    private static bool IsApi(Operation operation) => operation.Path.StartsWith("/api/v1/", StringComparison.Ordinal);

    private JsonObject Envelope(int status)
    {
        var response = new JsonObject { ["description"] = Description(status) };
        if (status == 429)
            response["headers"] = new JsonObject { ["Retry-After"] = new JsonObject { ["schema"] = SchemaWriter.Plain("integer") } };
        response["content"] = new JsonObject
        {
            ["application/json"] = new JsonObject { ["schema"] = _schemas.Answer(HttpJson.Default.ErrorBody) },
        };
        return response;
    }

    private JsonObject Of(RequestContent body)
    {
        var (media, schema) = body.Type is { } type
            ? ("application/json", _schemas.Body(type(), body.Required))
            : ("multipart/form-data", Form(body.Required));
        if (body.IsNullable)
            schema = SchemaWriter.Nullable(schema);
        return new JsonObject
        {
            ["required"] = body.IsRequired,
            ["content"] = new JsonObject { [media] = new JsonObject { ["schema"] = schema } },
        };
    }

    private static JsonObject Form(IReadOnlyList<string> parts)
    {
        var fields = new JsonObject();
        foreach (var part in parts)
        {
            fields[part] = SchemaWriter.Plain("string");
            if (part == "file")
                fields[part]!["contentMediaType"] = "application/octet-stream";
        }

        return new JsonObject { ["type"] = "object", ["properties"] = fields, ["required"] = new JsonArray([.. parts]) };
    }

    private static JsonNode InPath(Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart part)
    {
        var schema = SchemaWriter.Plain(part.Name == "number" ? "integer" : "string");
        if (part.Name is "namespace" or "name" or "zone_name" or "test_name")
            schema["pattern"] = "^[a-z][a-z0-9_-]*$";
        Facets.Add("", part.Name, schema);
        var parameter = new JsonObject { ["name"] = part.Name, ["in"] = "path", ["required"] = true, ["schema"] = schema };
        if (part.IsCatchAll)
            parameter["x-multi-segment"] = true;
        return parameter;
    }

    private static JsonNode Of(Parameter parameter)
    {
        var schema = SchemaWriter.Plain(parameter.Type, parameter.Format);
        if (parameter.Choices.Count > 0)
            schema["enum"] = new JsonArray([.. parameter.Choices]);
        return new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.In, ["required"] = parameter.IsRequired, ["schema"] = schema };
    }

    private static string Description(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}

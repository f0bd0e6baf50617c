using System.Text.Json.Serialization.Metadata;

namespace Rat.Endpoints.OpenApi;

/// <summary>
/// What the document says of one route beyond what the route itself tells. Types are named by functions: a start makes none of their metadata.
/// </summary>
/// <param name="Path">The route's template, a rest of the path as <c>{path}</c>.</param>
/// <param name="Id">Its <c>operationId</c>.</param>
internal sealed record Operation(string Method, string Path, string Id, string Tag, string Summary)
{
    /// <summary>Parameters of the query and headers; those of the path stand in the template.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];

    public RequestContent? Body { get; init; }

    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Statuses with the error envelope, without those of every operation (401, 429, 500, and 413 where there is a body).</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];

    /// <summary>True for the webhook: a token of its own in place of the key.</summary>
    public bool IsByToken { get; init; }

    /// <summary>True for what the contract doesn't know.</summary>
    public bool IsExtension { get; init; }
}

/// <summary>An answer other than the envelope.</summary>
/// <param name="Type">Null for no JSON.</param>
/// <param name="MediaType">Null for no body.</param>
internal sealed record Answer(int Status, Func<JsonTypeInfo>? Type, string? MediaType)
{
    public static Answer Json(int status, Func<JsonTypeInfo> type) => new(status, type, "application/json");

    public static Answer Text(int status, string mediaType) => new(status, null, mediaType);

    public static Answer Empty(int status) => new(status, null, null);
}

/// <summary>A request's body: JSON of a type, or a form with these parts.</summary>
/// <param name="Required">Fields that must be there.</param>
internal sealed record RequestContent(Func<JsonTypeInfo>? Type, IReadOnlyList<string> Required, bool IsRequired)
{
    /// <summary>True when a bare null is a body too.</summary>
    public bool IsNullable { get; init; }

    public static RequestContent Json(Func<JsonTypeInfo> type, params IReadOnlyList<string> required) => new(type, required, IsRequired: true);

    public static RequestContent OptionalJson(Func<JsonTypeInfo> type, params IReadOnlyList<string> required) =>
        new(type, required, IsRequired: false);

    public static RequestContent Form(params IReadOnlyList<string> parts) => new(null, parts, IsRequired: true);
}

/// <summary>A parameter of the query or a header.</summary>
internal sealed record Parameter(string In, string Name, string Type)
{
    /// <summary>Limit and offset of a list.</summary>
    public static IReadOnlyList<Parameter> Page { get; } = [Number("limit"), Number("offset")];

    public static Parameter Order { get; } = Choice("order", "asc", "desc");

    /// <summary>Format of a text, or null.</summary>
    public string? Format { get; init; }

    /// <summary>The values that it can have; empty: any.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public bool IsRequired { get; init; }

    public static Parameter Query(string name) => new("query", name, "string");

    public static Parameter Time(string name) => Query(name) with { Format = "date-time" };

    public static Parameter Number(string name) => new("query", name, "integer");

    public static Parameter Header(string name) => new("header", name, "string");

    public static Parameter Choice(string name, params IReadOnlyList<string> choices) => Query(name) with { Choices = choices };

    /// <summary>A field to sort by; <c>-field</c> means descending.</summary>
    public static Parameter Sort(params IReadOnlyList<string> fields) => Choice("sort", fields);
}

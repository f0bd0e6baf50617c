using System.Text.Json.Serialization;

namespace Rat.Endpoints.Queries;

/// <summary>Body of <c>POST /query</c>.</summary>
internal sealed record QueryBody(string? Sql, string? Namespace, long? Limit);

/// <summary>A column of a result or of a table (schema <c>QueryColumn</c>), its type by DuckDB's name.</summary>
internal sealed record ColumnModel(string Name, string Type);

/// <summary>All tables with their columns (schema <c>SchemaResponse</c>).</summary>
internal sealed record SchemaModel(IReadOnlyList<SchemaEntryModel> Tables);

/// <summary>A table with its columns (schema <c>SchemaEntry</c>).</summary>
internal sealed record SchemaEntryModel(string Namespace, string Layer, string Name, IReadOnlyList<ColumnModel> Columns);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(QueryBody))]
[JsonSerializable(typeof(IReadOnlyList<ColumnModel>))]
[JsonSerializable(typeof(SchemaModel))]
internal sealed partial class QueriesJson : JsonSerializerContext;

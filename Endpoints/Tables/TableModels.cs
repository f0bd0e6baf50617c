using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Tables;

/// <summary>A table in a list (schema <c>TableInfo</c>).</summary>
internal sealed record TableModel(string Namespace, string Layer, string Name, long RowCount, long SizeBytes, string? Description)
{
    public static TableModel Of(TableSummary table, string? description) =>
        new(table.Name.Namespace, table.Name.Layer, table.Name.Name, table.RowCount, table.SizeBytes, description);
}

/// <summary>All tables that match (schema <c>TableList</c>).</summary>
internal sealed record TableListModel(IReadOnlyList<TableModel> Tables, long Total);

/// <summary>A table (schema <c>TableDetail</c>).</summary>
/// <param name="MetadataLocation">An addition: absolute URI of the current Iceberg metadata file, for other engines.</param>
internal sealed record TableDetailModel(
    string Namespace,
    string Layer,
    string Name,
    long RowCount,
    long SizeBytes,
    string? Description,
    string? Owner,
    IReadOnlyList<DescribedColumnModel> Columns,
    string MetadataLocation);

/// <summary>A column of a table (schema <c>QueryColumn</c>), its type by DuckDB's name.</summary>
internal sealed record DescribedColumnModel(string Name, string Type, string? Description);

/// <summary>Body of <c>PUT …/metadata</c>: absent means unchanged, null clears.</summary>
internal sealed record UpdateTableMetadataBody(JsonElement Description, JsonElement Owner, JsonElement ColumnDescriptions);

/// <summary>What is written about a table (schema <c>TableMetadata</c>).</summary>
internal sealed record TableMetadataModel(
    Guid Id,
    string Namespace,
    string Layer,
    string Name,
    string Description,
    string? Owner,
    IReadOnlyDictionary<string, string> ColumnDescriptions,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt,
    [property: JsonConverter(typeof(Timestamp))] long UpdatedAt)
{
    public static TableMetadataModel Of(TableDescriptionRow row) => new(
        row.Id, row.Name.Namespace, row.Name.Layer, row.Name.Name, row.Description, row.Owner, row.Columns, row.CreatedAt, row.UpdatedAt);
}

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(TableListModel))]
[JsonSerializable(typeof(TableDetailModel))]
[JsonSerializable(typeof(UpdateTableMetadataBody))]
[JsonSerializable(typeof(TableMetadataModel))]
internal sealed partial class TablesJson : JsonSerializerContext;

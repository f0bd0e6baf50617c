using System.Text.Json.Serialization;
using Rat.Endpoints.Queries;
using Rat.Storage.Lake;

namespace Rat.Endpoints.Tables;

/// <summary>A table in a list (schema <c>TableInfo</c>).</summary>
internal sealed record TableModel(string Namespace, string Layer, string Name, long RowCount, long SizeBytes, string? Description)
{
    public static TableModel Of(TableSummary table) =>
        new(table.Name.Namespace, table.Name.Layer, table.Name.Name, table.RowCount, table.SizeBytes, Description: null);
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
    IReadOnlyList<ColumnModel> Columns,
    string MetadataLocation);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(TableListModel))]
[JsonSerializable(typeof(TableDetailModel))]
internal sealed partial class TablesJson : JsonSerializerContext;

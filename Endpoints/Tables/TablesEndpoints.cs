using System.Globalization;
using Rat.Endpoints.Http;
using Rat.Endpoints.Queries;
using Rat.Engine.Queries;
using Rat.Engine.Tables;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Tables;

/// <summary>Committed tables: list, look at, first rows, describe.</summary>
internal static class TablesEndpoints
{
    private const int StandardPreview = 50;
    private const int LargestPreview = 1000;

    public static void MapTables(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tables", List);
        api.MapGet("/tables/{namespace}/{layer}/{name}", Get);
        api.MapGet("/tables/{namespace}/{layer}/{name}/preview", Preview);
        api.MapPut("/tables/{namespace}/{layer}/{name}/metadata", Describe);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var (ns, layer) = (context.Request.Filter("namespace"), context.Request.Filter("layer"));
        return pages.Answer(context, TablesJson.Default.TableListModel, TableStore.Listed | TableDescriptionStore.Listed, () =>
        {
            var (tables, descriptions) = database.Read(connection =>
                (LakeTables.List(connection, ns, layer), TableDescriptionStore.List(connection, ns, layer)));
            var models = tables.Select(table => TableModel.Of(table, descriptions.GetValueOrDefault(table.Name))).ToList();
            return new TableListModel(models, models.Count);
        });
    }

    private static IResult Get(string @namespace, string layer, string name, MetadataDatabase database, LakeTables tables)
    {
        var key = new TableName(@namespace, layer, name);
        var (found, written) = database.Read(connection => (tables.Find(connection, key), TableDescriptionStore.Find(connection, key)));
        if (found is not { } table)
            return NotFound();
        var columns = QueryEndpoints.Columns(table)
            .Select(column => new DescribedColumnModel(column.Name, column.Type, written?.Columns.GetValueOrDefault(column.Name)));
        var description = written?.Description is { Length: > 0 } text ? text : null;
        var detail = new TableDetailModel(
            @namespace, layer, name, table.RowCount, table.SizeBytes, description, written?.Owner, [.. columns], tables.MetadataUri(table));
        return ApiResults.Ok(detail, TablesJson.Default.TableDetailModel);
    }

    private static async Task<IResult> Preview(
        HttpContext context, string @namespace, string layer, string name, MetadataDatabase database, LakeTables tables, QueryService queries)
    {
        if (Find(@namespace, layer, name, database, tables) is not { } table)
            return NotFound();
        var answer = await queries.PreviewAsync(table, LimitOf(context.Request), context.RequestAborted);
        return answer.Succeeded ? new QueryResultBody(answer.Value) : ApiResults.Failure(answer.Failure);
    }

    private static async Task<IResult> Describe(
        HttpContext context, string @namespace, string layer, string name, TableDescriptions descriptions)
    {
        var body = await RequestBody.ReadAsync(context, TablesJson.Default.UpdateTableMetadataBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (descriptionField, ownerField, columnsField) = body.Value;
        var description = OptionalText.Clearable(descriptionField, "description", current: null);
        var owner = OptionalText.Clearable(ownerField, "owner", current: null);
        var columns = OptionalText.Map(columnsField, "column_descriptions");
        if ((description.Failure ?? owner.Failure ?? columns.Failure ?? OptionalText.CheckDescription(description.Value)) is { } failure)
            return ApiResults.Failure(failure);

        var updated = await descriptions.UpdateAsync(new TableName(@namespace, layer, name), row => row with
        {
            Description = OptionalText.Clearable(descriptionField, "description", row.Description).Value ?? "",
            Owner = OptionalText.Clearable(ownerField, "owner", row.Owner).Value,
            Columns = columns.Value ?? row.Columns,
        });
        return updated.Succeeded
            ? ApiResults.Ok(TableMetadataModel.Of(updated.Value), TablesJson.Default.TableMetadataModel)
            : ApiResults.Failure(updated.Failure);
    }

    private static TableState? Find(string ns, string layer, string name, MetadataDatabase database, LakeTables tables) =>
        database.Read(connection => tables.Find(connection, new TableName(ns, layer, name)));

    private static int LimitOf(HttpRequest request)
    {
        var isNumber = long.TryParse(request.Filter("limit"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit);
        return isNumber && limit > 0 ? (int)Math.Min(limit, LargestPreview) : StandardPreview;
    }

    private static IResult NotFound() => ApiResults.Failure(Failure.NotFound("table not found"));
}

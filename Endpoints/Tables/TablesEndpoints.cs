using System.Globalization;
using Rat.Endpoints.Http;
using Rat.Endpoints.Queries;
using Rat.Engine.Queries;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Tables;

/// <summary>Committed tables: list, look at, first rows.</summary>
internal static class TablesEndpoints
{
    private const int StandardPreview = 50;
    private const int LargestPreview = 1000;

    public static void MapTables(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tables", List);
        api.MapGet("/tables/{namespace}/{layer}/{name}", Get);
        api.MapGet("/tables/{namespace}/{layer}/{name}/preview", Preview);
    }

    private static IResult List(HttpContext context, MetadataDatabase database)
    {
        var (ns, layer) = (context.Request.Filter("namespace"), context.Request.Filter("layer"));
        var tables = database.Read(connection => LakeTables.List(connection, ns, layer));
        return ApiResults.Ok(new TableListModel([.. tables.Select(TableModel.Of)], tables.Count), TablesJson.Default.TableListModel);
    }

    private static IResult Get(string @namespace, string layer, string name, MetadataDatabase database, LakeTables tables)
    {
        if (Find(@namespace, layer, name, database, tables) is not { } table)
            return NotFound();
        var detail = new TableDetailModel(
            @namespace, layer, name, table.RowCount, table.SizeBytes, Description: null, Owner: null, QueryEndpoints.Columns(table), tables.MetadataUri(table));
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

    private static TableState? Find(string ns, string layer, string name, MetadataDatabase database, LakeTables tables) =>
        database.Read(connection => tables.Find(connection, new TableName(ns, layer, name)));

    private static int LimitOf(HttpRequest request)
    {
        var isNumber = long.TryParse(request.Filter("limit"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var limit);
        return isNumber && limit > 0 ? (int)Math.Min(limit, LargestPreview) : StandardPreview;
    }

    private static IResult NotFound() => ApiResults.Failure(Failure.NotFound("table not found"));
}

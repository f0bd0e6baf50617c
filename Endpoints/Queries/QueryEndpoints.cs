using System.Text;
using Rat.Endpoints.Http;
using Rat.Engine.Duck;
using Rat.Engine.Namespaces;
using Rat.Engine.Queries;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Queries;

/// <summary>Read-only SQL, and the catalogue that it can name.</summary>
internal static class QueryEndpoints
{
    private const int LongestSql = 100_000;
    private const int StandardLimit = 1000;

    public static void MapQueries(this IEndpointRouteBuilder api)
    {
        api.MapPost("/query", Query);
        api.MapGet("/schema", Schema);
    }

    private static async Task<IResult> Query(HttpContext context, QueryService queries)
    {
        var body = await RequestBody.ReadAsync(context, QueriesJson.Default.QueryBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (sql, ns, limit) = body.Value;
        if (Check(sql, ns) is { } failure)
            return ApiResults.Failure(failure);
        if (AcceptedFormat.Of(context.Request) is { } format)
            return await Export(queries, sql!, ns, limit, format, context.RequestAborted);

        var answer = await queries.ExecuteAsync(
            sql!, string.IsNullOrEmpty(ns) ? NamespaceService.Default : ns, limit is > 0 and var rows ? (int)Math.Min(rows, int.MaxValue) : StandardLimit, context.RequestAborted);
        return answer.Succeeded ? new QueryResultBody(answer.Value) : ApiResults.Failure(answer.Failure);
    }

    private static async Task<IResult> Export(
        QueryService queries, string sql, string? ns, long? limit, ExportFormat format, CancellationToken cancellation)
    {
        var exported = await queries.ExportAsync(
            sql, string.IsNullOrEmpty(ns) ? NamespaceService.Default : ns, limit is > 0 ? limit : null, format, cancellation);
        return exported.Succeeded ? new ExportedBody(exported.Value) : ApiResults.Failure(exported.Failure);
    }

    private static IResult Schema(HttpContext context, MetadataDatabase database, LakeTables tables)
    {
        var (ns, layer) = (context.Request.Filter("namespace"), context.Request.Filter("layer"));
        var entries = database.Read(connection => LakeTables.List(connection, ns, layer)
            .Select(table => tables.Find(connection, table.Name))
            .OfType<TableState>()
            .Select(table => new SchemaEntryModel(table.Name.Namespace, table.Name.Layer, table.Name.Name, Columns(table)))
            .ToList());
        return ApiResults.Ok(new SchemaModel(entries), QueriesJson.Default.SchemaModel);
    }

    /// <summary>A table's columns by DuckDB's type names.</summary>
    public static IReadOnlyList<ColumnModel> Columns(TableState table) =>
        [.. table.Schema.Fields.Select(field => new ColumnModel(field.Name, LakeColumns.SqlType(field.Type)))];

    private static Failure? Check(string? sql, string? ns)
    {
        if (string.IsNullOrWhiteSpace(sql))
            return Failure.Invalid("sql is required");
        var length = Encoding.UTF8.GetByteCount(sql);
        if (length > LongestSql)
            return Failure.Invalid($"sql is too long: {length} bytes, at most {LongestSql}");
        return string.IsNullOrEmpty(ns) || Slug.IsValid(ns) ? null : Failure.Invalid($"namespace {Slug.Rule}");
    }
}

using System.Buffers;
using System.Text.Json;
using Rat.Engine.Queries;

namespace Rat.Endpoints.Queries;

/// <summary>A result as JSON (schema <c>QueryResult</c>). Its rows were written by the engine and are passed on as they are.</summary>
internal sealed class QueryResultBody(QueryAnswer answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (answer)
        {
            var head = new ArrayBufferWriter<byte>();
            head.Write("{\"columns\":"u8);
            using (var json = new Utf8JsonWriter(head))
            {
                JsonSerializer.Serialize(
                    json, [.. answer.Columns.Select(column => new ColumnModel(column.Name, column.Type.Name))], QueriesJson.Default.IReadOnlyListColumnModel);
            }

            head.Write(",\"rows\":"u8);
            var tail = System.Text.Encoding.UTF8.GetBytes(
                $",\"total_rows\":{answer.Rows.Count},\"duration_ms\":{(long)answer.Duration.TotalMilliseconds},\"truncated\":{(answer.Rows.Truncated ? "true" : "false")}}}");

            var response = httpContext.Response;
            response.ContentType = "application/json";
            response.ContentLength = head.WrittenCount + answer.Rows.Json.Length + tail.Length;
            await response.Body.WriteAsync(head.WrittenMemory, httpContext.RequestAborted);
            await answer.Rows.Json.CopyToAsync(response.Body, httpContext.RequestAborted);
            await response.Body.WriteAsync(tail, httpContext.RequestAborted);
        }
    }
}

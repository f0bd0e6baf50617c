using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rat.Endpoints.Queries;
using Rat.Engine.Previews;

namespace Rat.Endpoints.Previews;

/// <summary>A preview as JSON (schema <c>PreviewResponse</c>). Its rows were written by the engine and are passed on as they are.</summary>
internal sealed class PreviewReportBody(PreviewReport report) : IResult
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (report)
        {
            var head = new ArrayBufferWriter<byte>();
            head.Write("{\"columns\":"u8);
            using (var json = new Utf8JsonWriter(head, WriterOptions))
            {
                JsonSerializer.Serialize(
                    json, [.. report.Columns.Select(column => new ColumnModel(column.Name, column.Type.Name))], PreviewsJson.Default.IReadOnlyListColumnModel);
            }

            head.Write(report.Rows is null ? ",\"rows\":[]"u8 : ",\"rows\":"u8);
            var rest = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(rest, WriterOptions))
                JsonSerializer.Serialize(json, PreviewModel.Of(report), PreviewsJson.Default.PreviewModel);

            var (response, aborted) = (httpContext.Response, httpContext.RequestAborted);
            response.ContentType = "application/json";
            response.ContentLength = head.WrittenCount + (report.Rows?.Json.Length ?? 0) + rest.WrittenCount;
            await response.Body.WriteAsync(head.WrittenMemory, aborted);
            if (report.Rows is { } rows)
                await rows.Json.CopyToAsync(response.Body, aborted);
            // The fields of an object of their own, without its first brace.
            await response.Body.WriteAsync(","u8.ToArray(), aborted);
            await response.Body.WriteAsync(rest.WrittenMemory[1..], aborted);
        }
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rat.Endpoints.Http;

/// <summary>Writes one JSON value as the whole response, with its length known before the first byte leaves.</summary>
internal static class JsonBody
{
    /// <summary>Letters outside ASCII stay readable; this is a JSON answer with <c>nosniff</c>, never a piece of HTML.</summary>
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Answers with <paramref name="value"/>. It is serialised completely before anything is sent, so that a failure in the middle is
    /// still a 500 and not half an answer.
    /// </summary>
    public static async Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type)
    {
        var buffer = Rented ?? new ArrayBufferWriter<byte>(4096);
        Rented = null;
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            JsonSerializer.Serialize(writer, value, type);

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = buffer.WrittenCount;
        // CancellationToken.None: a client that went away is noticed by the server; nothing is left to undo here.
        await response.Body.WriteAsync(buffer.WrittenMemory, CancellationToken.None);

        GiveBack(buffer);
    }

    /// <summary>The value as it would be answered.</summary>
    public static byte[] Serialize<T>(T value, JsonTypeInfo<T> type)
    {
        var buffer = Rented ?? new ArrayBufferWriter<byte>(4096);
        Rented = null;
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            JsonSerializer.Serialize(writer, value, type);
        var json = buffer.WrittenSpan.ToArray();
        GiveBack(buffer);
        return json;
    }

    /// <summary>Answers 200 with what was serialised before.</summary>
    public static async Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, CancellationToken.None);
    }

    private const int MaxKept = 256 * 1024;

    private static void GiveBack(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity > MaxKept)
            return;
        buffer.ResetWrittenCount();
        Rented = buffer;
    }

    /// <summary>At most one idle buffer per thread; whoever takes it clears the slot until the answer has been written.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? Rented;
}

using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rat.Endpoints.Hosting.Logging;

/// <summary>
/// JSON lines for a pipe or file: <c>{"time","level","logger","message",…fields,"error"}</c>, field names in snake_case, flat.
/// </summary>
internal static class JsonLogFormat
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Placeholders are few and fixed, so their converted names are kept.</summary>
    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    public static void Write(in LogLine line, IBufferWriter<byte> output)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", line.Time.UtcDateTime);
            json.WriteString("level", LevelName(line.Level));
            json.WriteString("logger", line.Category);
            json.WriteString("message", line.Message);
            foreach (var (name, value) in line.Fields)
                WriteField(json, Names.GetOrAdd(name, JsonNamingPolicy.SnakeCaseLower.ConvertName), value);
            if (line.Exception is not null)
                json.WriteString("error", line.Exception.ToString());
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int number:
                json.WriteNumber(name, number);
                break;
            case long number:
                json.WriteNumber(name, number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string LevelName(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        _ => "error",
    };
}

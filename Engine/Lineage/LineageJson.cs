using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Lineage;

/// <summary>The pieces of the answer (schemas <c>LineageNode</c> and <c>LineageEdge</c>). They are kept as bytes: an answer over ten thousand
/// pipelines has megabytes, of which next to nothing changes from one to the next.</summary>
internal sealed class LineageJson : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public LineageJson() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    public static string IdOfPipeline(TableName name) => $"pipeline:{name}";

    public static string IdOfTable(TableName name) => $"table:{name}";

    public static string IdOfZone(string ns, string name) => $"landing:{ns}.{name}";

    public byte[] Pipeline(LineagePipeline pipeline)
    {
        Begin(IdOfPipeline(pipeline.Name), "pipeline", pipeline.Name.Namespace, pipeline.Name.Layer, pipeline.Name.Name);
        if (pipeline.LatestRun is { } run)
        {
            _json.WriteStartObject("latest_run"u8);
            _json.WriteString("id"u8, run.Id);
            _json.WriteString("status"u8, run.Status);
            if (run.StartedAt is { } started)
                _json.WriteString("started_at"u8, TextOf(started));
            if (run.DurationMs is { } duration)
                _json.WriteNumber("duration_ms"u8, duration);
            _json.WriteEndObject();
        }

        if (pipeline.Tests > 0)
        {
            _json.WriteStartObject("quality"u8);
            _json.WriteNumber("total"u8, pipeline.Tests);
            _json.WriteNumber("passed"u8, pipeline.Results?.Passed ?? 0);
            _json.WriteNumber("failed"u8, pipeline.Results?.Failed ?? 0);
            _json.WriteNumber("warned"u8, pipeline.Results?.Warned ?? 0);
            _json.WriteEndObject();
        }

        return End();
    }

    /// <param name="size">Rows and bytes; null for a table that doesn't exist.</param>
    public byte[] Table(TableName name, (long Rows, long Bytes)? size)
    {
        Begin(IdOfTable(name), "table", name.Namespace, name.Layer, name.Name);
        if (size is { } stats)
        {
            _json.WriteStartObject("table_stats"u8);
            _json.WriteNumber("row_count"u8, stats.Rows);
            _json.WriteNumber("size_bytes"u8, stats.Bytes);
            _json.WriteEndObject();
        }

        return End();
    }

    /// <param name="files">Null for a zone that doesn't exist.</param>
    public byte[] Zone(string ns, string name, long? files)
    {
        Begin(IdOfZone(ns, name), "landing_zone", ns, layer: null, name);
        if (files is { } count)
        {
            _json.WriteStartObject("landing_info"u8);
            _json.WriteNumber("file_count"u8, count);
            _json.WriteEndObject();
        }

        return End();
    }

    /// <summary>Edges with commas between them.</summary>
    public byte[] Edges(IEnumerable<(string Source, string Target, string Type)> edges)
    {
        _buffer.ResetWrittenCount();
        foreach (var (source, target, type) in edges)
        {
            if (_buffer.WrittenCount > 0)
                _buffer.Write(","u8);
            _json.Reset();
            _json.WriteStartObject();
            _json.WriteString("source"u8, source);
            _json.WriteString("target"u8, target);
            _json.WriteString("type"u8, type);
            _json.WriteEndObject();
            _json.Flush();
        }

        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(string id, string type, string ns, string? layer, string name)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("id"u8, id);
        _json.WriteString("type"u8, type);
        _json.WriteString("namespace"u8, ns);
        if (layer is not null)
            _json.WriteString("layer"u8, layer);
        _json.WriteString("name"u8, name);
    }

    private byte[] End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    private static string TextOf(long microseconds) =>
        Timestamps.FromMicroseconds(microseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}

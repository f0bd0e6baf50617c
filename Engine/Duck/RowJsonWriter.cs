using System.Text.Encodings.Web;
using System.Text.Json;
using Rat.Engine.Duck.Values;

namespace Rat.Engine.Duck;

/// <summary>Writes rows as JSON objects. Not for several threads at once.</summary>
internal sealed class RowJsonWriter(IReadOnlyList<DuckColumn> columns)
{
    private readonly JsonEncodedText[] _names = [.. columns.Select(column => VectorJson.Name(column.Name))];
    private readonly VectorJson[] _values = [.. columns.Select(column => new VectorJson(column.VectorType))];
    private DuckChunk? _bound;

    /// <summary>Options for the writer: nothing is escaped that JSON doesn't ask for, and our own order of calls isn't checked again.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary><c>{"column":value,…}</c></summary>
    public void WriteRow(Utf8JsonWriter json, DuckChunk chunk, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)chunk.RowCount, nameof(row));
        if (!ReferenceEquals(chunk, _bound))
            Bind(chunk);
        json.WriteStartObject();
        for (var i = 0; i < _values.Length; i++)
        {
            json.WritePropertyName(_names[i]);
            _values[i].Write(json, row);
        }

        json.WriteEndObject();
    }

    private void Bind(DuckChunk chunk)
    {
        for (var i = 0; i < _values.Length; i++)
            _values[i].Bind(chunk.Vector(i));
        _bound = chunk;
    }
}

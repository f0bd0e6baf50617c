using System.Text.Json;

namespace Rat.Engine.Duck;

/// <summary>Writes rows as JSON objects.</summary>
internal sealed class RowJsonWriter(IReadOnlyList<DuckColumn> columns)
{
    /// <summary><c>{"column":value,…}</c></summary>
    public void WriteRow(Utf8JsonWriter json, DuckChunk chunk, int row) => throw new NotImplementedException($"{json}{chunk}{row}{columns}");
}

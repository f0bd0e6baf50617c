using System.Globalization;
using System.Text;
using System.Text.Json;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Values;

namespace Rat.Engine.Quality;

/// <summary>The first rows of a result, to be shown as a table of text: a header, a rule, the rows, and how many more there are.</summary>
/// <param name="names">Names of the columns, as clients are told them.</param>
internal sealed class TestSample(IReadOnlyList<DuckColumn> columns, IReadOnlyList<string> names)
{
    public const int MostRows = 3;

    private const int LongestCell = 40;
    private const string Ellipsis = "...";

    private readonly List<string[]> _rows = [];
    private readonly JsonBuffer _json = new();

    /// <summary>Takes rows of the chunk, as long as there are fewer than <see cref="MostRows"/>.</summary>
    public void Add(DuckChunk chunk)
    {
        if (_rows.Count == MostRows)
            return;
        var values = columns.Select(column => new VectorJson(column.VectorType)).ToArray();
        for (var column = 0; column < values.Length; column++)
            values[column].Bind(chunk.Vector(column));
        for (var row = 0; row < chunk.RowCount && _rows.Count < MostRows; row++)
        {
            var cells = new string[values.Length];
            for (var column = 0; column < values.Length; column++)
                cells[column] = chunk.IsNull(column, row) ? "NULL" : Cut(Text(values[column], row));
            _rows.Add(cells);
        }
    }

    /// <param name="total">How many rows the result has.</param>
    public string ToText(long total)
    {
        var header = names.Select(Cut).ToArray();
        var widths = header.Select((name, column) => _rows.Max(row => row[column].Length) is var widest && widest > name.Length ? widest : name.Length).ToArray();
        var text = new StringBuilder();
        AppendLine(text, header, widths);
        text.AppendJoin("-+-", widths.Select(width => new string('-', width))).Append('\n');
        foreach (var row in _rows)
            AppendLine(text, row, widths);
        if (total > _rows.Count)
            text.Append(CultureInfo.InvariantCulture, $"... and {total - _rows.Count} more rows\n");
        return text.ToString(0, text.Length - 1);
    }

    private static void AppendLine(StringBuilder text, string[] cells, int[] widths)
    {
        var line = string.Join(" | ", cells.Select((cell, column) => cell.PadRight(widths[column])));
        text.Append(line.AsSpan().TrimEnd(' ')).Append('\n');
    }

    private string Text(VectorJson value, int row)
    {
        _json.Clear();
        value.Write(_json, row);
        var reader = new Utf8JsonReader(_json.Written);
        return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(_json.Written);
    }

    // A cell stays on its line, whatever it holds.
    private static string Cut(string text)
    {
        var isCut = text.Length > LongestCell;
        var length = isCut ? LongestCell - Ellipsis.Length : text.Length;
        // Not in the middle of a character that takes two units.
        if (isCut && char.IsHighSurrogate(text[length - 1]))
            length--;
        var cell = string.Create(length, text, static (letters, source) =>
        {
            for (var at = 0; at < letters.Length; at++)
                letters[at] = char.IsControl(source[at]) || source[at] is '\u2028' or '\u2029' ? ' ' : source[at];
        });
        return isCut ? cell + Ellipsis : cell;
    }
}

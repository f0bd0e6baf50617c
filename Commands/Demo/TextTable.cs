using System.Text;

namespace Rat.Commands.Demo;

/// <summary>Rows as a table of text with padded columns.</summary>
internal static class TextTable
{
    public static string Format(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = columns.Select((column, index) => rows.Select(row => row[index].Length).Append(column.Length).Max()).ToList();
        var text = new StringBuilder();
        AppendLine(columns);
        text.AppendLine("  " + string.Join("-+-", widths.Select(width => new string('-', width))));
        foreach (var row in rows)
            AppendLine(row);
        return text.ToString();

        void AppendLine(IReadOnlyList<string> cells) =>
            text.AppendLine(("  " + string.Join(" | ", cells.Select((cell, index) => cell.PadRight(widths[index])))).TrimEnd());
    }
}

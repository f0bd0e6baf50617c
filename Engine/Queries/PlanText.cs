using System.Text;

namespace Rat.Engine.Queries;

/// <summary>Plans as EXPLAIN ANALYZE draws them: rows of boxes side by side, each text wrapped to its box.</summary>
internal static class PlanText
{
    private const char Side = '│';
    private const char Corner = '└';

    /// <summary>
    /// Blanks what a box says below <c>Filename(s):</c>, up to its next blank line: local paths, wrapped in the middle of a name, so that
    /// nothing that looks for a path would find them.
    /// </summary>
    public static string WithoutFileNames(string plan)
    {
        if (!plan.Contains("Filename(s):", StringComparison.Ordinal))
            return plan;
        var text = new StringBuilder(plan);
        var hiding = new HashSet<int>();
        var start = 0;
        foreach (var line in plan.Split('\n'))
        {
            if (line.Contains(Corner, StringComparison.Ordinal))
                hiding.Clear();
            HideCells(line, start, hiding, text);
            start += line.Length + 1;
        }

        return text.ToString();
    }

    // A box is known by the column in which its cells begin.
    private static void HideCells(string line, int start, HashSet<int> hiding, StringBuilder text)
    {
        for (var left = line.IndexOf(Side, StringComparison.Ordinal); left >= 0;)
        {
            var right = line.IndexOf(Side, left + 1);
            if (right < 0)
                return;
            var cell = line[(left + 1)..right].Trim();
            if (cell.Length == 0)
                hiding.Remove(left);
            else if (cell == "Filename(s):")
                hiding.Add(left);
            if (hiding.Contains(left))
            {
                for (var at = left + 1; at < right; at++)
                    text[start + at] = ' ';
            }

            left = right;
        }
    }
}

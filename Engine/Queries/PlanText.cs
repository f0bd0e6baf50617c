using System.Text;

namespace Rat.Engine.Queries;

/// <summary>Plans as EXPLAIN ANALYZE draws them: boxes side by side.</summary>
internal static class PlanText
{
    private const string Sides = "│├┤";
    private const string Heading = "Filename(s):";

    /// <summary>Takes out the files that a box lists. DuckDB breaks their paths over the lines of the box, and nothing could recognise the
    /// pieces; the box keeps its shape.</summary>
    public static string WithoutFiles(string plan)
    {
        var text = new StringBuilder(plan);
        // Where the boxes begin whose list of files goes on in the next line.
        var listing = new HashSet<int>();
        for (var start = 0; start < plan.Length;)
        {
            var end = plan.IndexOf('\n', start) is >= 0 and var found ? found : plan.Length;
            listing = Blank(text, plan.AsSpan(start, end - start), start, listing);
            start = end + 1;
        }

        return text.ToString();
    }

    private static HashSet<int> Blank(StringBuilder text, ReadOnlySpan<char> line, int lineStart, HashSet<int> listing)
    {
        var goesOn = new HashSet<int>();
        var left = line.IndexOfAny(Sides);
        while (left >= 0 && line[(left + 1)..].IndexOfAny(Sides) is >= 0 and var width)
        {
            var cell = line.Slice(left + 1, width).Trim();
            if (cell.SequenceEqual(Heading) || (listing.Contains(left) && !cell.IsEmpty))
            {
                goesOn.Add(left);
                for (var i = 1; i <= width; i++)
                    text[lineStart + left + i] = ' ';
            }

            left += width + 1;
        }

        return goesOn;
    }
}

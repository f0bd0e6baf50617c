using System.Text;
using Rat.Engine.Pipelines.Templates.Syntax;

namespace Rat.Engine.Pipelines;

/// <summary>The annotations of a pipeline's source: comment lines <c>-- @key: value</c> or <c># @key: value</c> at its top.</summary>
internal static class SourceAnnotations
{
    private static readonly string[] Marks = ["--", "#"];

    /// <summary>
    /// Values by key in small letters, in the order of the lines; the last one of a key counts. The first line that is neither empty nor a
    /// comment ends them.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Parse(string source)
    {
        var annotations = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in AnnotationLine.WithoutMark(source).EnumerateLines())
        {
            if (AnnotationLine.TryParse(line, Marks, out var key, out var value))
            {
                if (value.Length > 0)
                    annotations[key.ToString().ToLowerInvariant()] = value.ToString();
            }
            else if (AnnotationLine.Trim(line) is var rest && rest.Length > 0
                && !rest.StartsWith("--", StringComparison.Ordinal) && !rest.StartsWith('#'))
            {
                break;
            }
        }

        return annotations;
    }

    /// <summary>
    /// Rendered SQL as it is executed: without the lines of annotations, wherever they are, and without white space and semicolons at its
    /// end, so that it can be a subquery. A comment at the end stays, and may end in the text's last line.
    /// </summary>
    public static string Strip(string rendered)
    {
        var kept = new StringBuilder(rendered.Length);
        foreach (var range in rendered.AsSpan().Split('\n'))
        {
            var line = rendered.AsSpan()[range];
            if (!AnnotationLine.TryParse(line, Marks, out _, out _))
                kept.Append(line).Append('\n');
        }

        return WithoutLastSemicolons(AnnotationLine.Trim(kept.ToString()).ToString());
    }

    private static string WithoutLastSemicolons(string sql)
    {
        var last = new Stack<int>();
        new SqlPosition().Advance(sql, (at, part) =>
        {
            if (part == SqlPart.Code && sql[at] == ';')
                last.Push(at);
            else if (part == SqlPart.Quoted || (part == SqlPart.Code && !Whitespace.Is(sql[at])))
                last.Clear();
        });
        foreach (var at in last)
            sql = sql.Remove(at, 1);
        return Whitespace.TrimEnd(sql).ToString();
    }
}

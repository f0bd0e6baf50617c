using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>The order of values: numbers, texts, and lists or tuples item by item. Values of different kinds have none.</summary>
internal static class Ordering
{
    /// <param name="comparison">One of <c>&lt; &lt;= &gt; &gt;=</c>.</param>
    public static bool Compare(string comparison, object? left, object? right, Budget budget)
    {
        budget.Spend();
        TemplateLimits.EnsureStack();
        switch (left, right)
        {
            case (Undefined undefined, _):
                throw undefined.Used();
            case (_, Undefined undefined):
                throw undefined.Used();
            case (string or Markup, string or Markup):
                var text = Markup.TextOf(left)!;
                budget.Read(text);
                return Holds(comparison, CodePoints.Compare(text, Markup.TextOf(right)!));
            case (bool or BigInteger or double, bool or BigInteger or double):
                return Numbers.Compare(left, right) is { } order && Holds(comparison, order);
            case (List<object?> a, List<object?> b):
                return CompareSequences(comparison, a, b, budget);
            case (TupleValue a, TupleValue b):
                return CompareSequences(comparison, a.Items, b.Items, budget);
            default:
                throw TemplateException.Type(
                    $"'{comparison}' not supported between instances of '{TypeName.Of(left)}' and '{TypeName.Of(right)}'");
        }
    }

    /// <summary>A sorted copy; equal items keep their order.</summary>
    public static List<object?> Sort(IReadOnlyList<object?> items, Func<object?, object?> key, bool isReversed, Budget budget)
    {
        var entries = items.Select(item => (Key: key(item), Item: item)).ToArray();
        var other = new (object? Key, object? Item)[entries.Length];
        for (var width = 1; width < entries.Length; width *= 2)
        {
            for (var start = 0; start < entries.Length; start += 2 * width)
                Merge(start, Math.Min(start + width, entries.Length), Math.Min(start + (2 * width), entries.Length));
            (entries, other) = (other, entries);
        }

        return [.. entries.Select(entry => entry.Item)];

        void Merge(int left, int middle, int end)
        {
            var right = middle;
            for (var (target, from) = (left, left); target < end; target++)
            {
                var takesRight = from >= middle || (right < end && IsBefore(entries[right].Key, entries[from].Key));
                other[target] = takesRight ? entries[right++] : entries[from++];
            }
        }

        bool IsBefore(object? a, object? b) => isReversed ? Compare("<", b, a, budget) : Compare("<", a, b, budget);
    }

    private static bool CompareSequences(string comparison, IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        for (var index = 0; index < Math.Min(left.Count, right.Count); index++)
        {
            if (!Equality.AreSameOrEqual(left[index], right[index], budget))
                return Compare(comparison, left[index], right[index], budget);
        }

        return Holds(comparison, left.Count.CompareTo(right.Count));
    }

    private static bool Holds(string comparison, int order) => comparison switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        _ => order >= 0,
    };
}

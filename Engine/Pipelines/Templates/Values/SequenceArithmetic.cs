using System.Text;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Adding and repeating texts, lists and tuples.</summary>
internal static class SequenceArithmetic
{
    /// <summary>Null if these two can't be added.</summary>
    public static object? Add(object? left, object? right, Budget budget)
    {
        switch (left, right)
        {
            case (string a, string b):
                budget.MakeText((long)a.Length + b.Length);
                return a + b;
            case (Markup, string or Markup) or (string, Markup):
                return new Markup(budget.Made(Markup.Of(left, budget).Text + Markup.Of(right, budget).Text));
            case (List<object?> a, List<object?> b):
                budget.MakeElements((long)a.Count + b.Count);
                return a.Concat(b).ToList();
            case (TupleValue a, TupleValue b):
                budget.MakeElements((long)a.Items.Count + b.Items.Count);
                return new TupleValue([.. a.Items, .. b.Items]);
            default:
                return null;
        }
    }

    /// <summary>Null if neither is a whole number and the other one a sequence.</summary>
    public static object? Repeat(object? left, object? right, Budget budget)
    {
        var (sequence, factor) = Numbers.AsInteger(left) is { } times ? (right, times) : (left, Numbers.AsInteger(right) ?? -1);
        if (sequence is not (string or Markup or List<object?> or TupleValue) || (Numbers.AsInteger(left) ?? Numbers.AsInteger(right)) is null)
            return null;
        var count = factor.Sign <= 0 ? 0 : factor > int.MaxValue ? int.MaxValue : (int)factor;
        switch (sequence)
        {
            case string text:
                return Repeat(text, count, budget);
            case Markup markup:
                return new Markup(Repeat(markup.Text, count, budget));
            case TupleValue tuple:
                return new TupleValue(Repeat(tuple.Items, count, budget));
            default:
                return Repeat((List<object?>)sequence, count, budget);
        }
    }

    private static string Repeat(string text, int count, Budget budget)
    {
        budget.MakeText((long)text.Length * count);
        return text.Length == 0 ? "" : new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
    }

    private static List<object?> Repeat(IReadOnlyList<object?> items, int count, Budget budget)
    {
        budget.MakeElements((long)items.Count * count);
        var repeated = new List<object?>(items.Count * count);
        for (var round = 0; round < count && items.Count > 0; round++)
            repeated.AddRange(items);
        return repeated;
    }
}

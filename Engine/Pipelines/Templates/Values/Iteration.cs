using System.Numerics;
using Rat.Engine.Pipelines.Templates.Builtins;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Truth, length, items and membership of values.</summary>
internal static class Iteration
{
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        BigInteger number => !number.IsZero,
        double number => number != 0,
        string text => text.Length > 0,
        Markup markup => markup.Text.Length > 0,
        List<object?> list => list.Count > 0,
        TupleValue tuple => tuple.Items.Count > 0,
        DictValue dict => dict.Count > 0,
        DictView view => view.Dict.Count > 0,
        RangeValue range => range.Count > 0,
        LoopValue loop => loop.Length > 0,
        Undefined { IsStrict: true } undefined => throw undefined.Used(),
        Undefined => false,
        _ => true,
    };

    /// <summary>Null for a value that has no length.</summary>
    public static int? LengthOf(object? value, Budget budget)
    {
        switch (value)
        {
            case string or Markup:
                return Count(Markup.TextOf(value)!, budget);
            case List<object?> list:
                return list.Count;
            case TupleValue tuple:
                return tuple.Items.Count;
            case DictValue dict:
                return dict.Count;
            case DictView view:
                return view.Dict.Count;
            case RangeValue range:
                return range.Count;
            case LoopValue loop:
                return loop.Length;
            case Undefined:
                Undefined.ThrowIfStrict(value);
                return 0;
            default:
                return null;
        }
    }

    /// <summary>The items of a value, each paid for when it is taken; an error if it has none. A list may grow meanwhile.</summary>
    public static IEnumerable<object?> Over(object? value, Budget budget) => Paid(
        TryOver(value) ?? throw TemplateException.Type($"'{TypeName.Of(value)}' object is not iterable"), budget);

    public static bool IsIterable(object? value) => TryOver(value) is not null;

    public static List<object?> ToList(object? value, Budget budget)
    {
        var list = new List<object?>();
        foreach (var item in Over(value, budget))
        {
            budget.MakeElements(1);
            list.Add(item);
        }

        return list;
    }

    public static bool Contains(object? container, object? item, Budget budget)
    {
        switch (container)
        {
            case string or Markup:
                Undefined.ThrowIf(item);
                var part = Markup.TextOf(item)
                    ?? throw TemplateException.Type($"'in <string>' requires string as left operand, not {TypeName.Of(item)}");
                return TextSearch.IndexOf(Markup.TextOf(container)!, part, 0, budget) >= 0;
            case DictValue dict:
                return dict.TryGet(item, out _);
            case DictView { Shown: DictView.Part.Keys } keys:
                return keys.Dict.TryGet(item, out _);
            case DictView { Shown: DictView.Part.Items } view:
                return item is TupleValue { Items: [var key, var value] }
                    && view.Dict.TryGet(key, out var found) && Equality.AreSameOrEqual(found, value, budget);
            case RangeValue range when Numbers.AsInteger(item) is { } number:
                var steps = BigInteger.DivRem(number - range.Start, range.Step, out var rest);
                return rest.IsZero && steps.Sign >= 0 && steps < range.Count;
            default:
                var items = TryOver(container)
                    ?? throw TemplateException.Type($"argument of type '{TypeName.Of(container)}' is not iterable");
                return Paid(items, budget).Any(other => Equality.AreSameOrEqual(other, item, budget));
        }
    }

    private static int Count(string text, Budget budget)
    {
        budget.Read(text);
        var count = CodePoints.Count(text);

        // Where code points and UTF-16 units differ, each of them has to be looked at.
        if (count != text.Length)
            budget.Spend(text.Length / 4);
        return count;
    }

    private static IEnumerable<object?> Paid(IEnumerable<object?> items, Budget budget)
    {
        foreach (var item in items)
        {
            budget.Spend();
            yield return item;
        }
    }

    private static IEnumerable<object?>? TryOver(object? value) => value switch
    {
        string text => CodePoints.Of(text),
        Markup markup => CodePoints.Of(markup.Text),
        List<object?> list => Growing(list),
        TupleValue tuple => tuple.Items,
        DictValue dict => dict.Items().Select(item => item.Key),
        DictView view => view.Items(),
        RangeValue range => Enumerable.Range(0, range.Count).Select(index => (object?)range[index]),
        GeneratorValue generator => generator.Rest(),
        Undefined { IsStrict: true } undefined => throw undefined.Used(),
        Undefined => [],
        _ => null,
    };

    private static IEnumerable<object?> Growing(List<object?> list)
    {
        for (var index = 0; index < list.Count; index++)
            yield return list[index];
    }
}

using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Filters of lists, dicts and whatever else has items, taken as a whole.</summary>
internal static class SequenceFilters
{
    private static readonly string[] GroupFields = ["grouper", "list"];
    private static readonly Parameter[] Extreme = [Optional("case_sensitive", false), Optional("attribute")];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Builtin.Of("default", [Optional("default_value", ""), Optional("boolean", false)], Default),
        Builtin.Of("d", [Optional("default_value", ""), Optional("boolean", false)], Default),
        Builtin.Of("length", Length),
        Builtin.Of("count", Length),
        Builtin.Of("first", (budget, value) => Iteration.Over(value, budget).FirstOr("No first item, sequence was empty.")),
        Builtin.Of("last", (budget, value) => Backwards(value, budget).FirstOr("No last item, sequence was empty.")),
        Builtin.Of("list", (budget, value) => Iteration.ToList(value, budget)),
        Builtin.Of("reverse", Reverse),
        Builtin.Of("join", [Optional("d", ""), Optional("attribute")], Join),
        Builtin.Of("sum", [Optional("attribute"), Optional("start", BigInteger.Zero)], Sum),
        Builtin.Of("min", Extreme, (budget, value, a) => Best(budget, value, a, "<")),
        Builtin.Of("max", Extreme, (budget, value, a) => Best(budget, value, a, ">")),
        Builtin.Of("sort", [Optional("reverse", false), Optional("case_sensitive", false), Optional("attribute")], (budget, value, a) =>
            Ordering.Sort(Iteration.ToList(value, budget), ItemGetter.OfMany(a[2], !Iteration.IsTrue(a[1]), budget), Iteration.IsTrue(a[0]), budget)),
        Builtin.Of("dictsort", [Optional("case_sensitive", false), Optional("by", "key"), Optional("reverse", false)], DictSort),
        Builtin.Of("groupby", [Required("attribute"), Optional("default"), Optional("case_sensitive", false)], GroupBy),
        Builtin.Of("items", Items),
        Builtin.Of("batch", [Required("linecount"), Optional("fill_with")], (budget, value, a) =>
            new GeneratorValue("generator object do_batch", Batches(value, Numbers.ToInt32(a[0], "linecount"), a[1], budget))),
        Builtin.Of("slice", [Required("slices"), Optional("fill_with")], (budget, value, a) =>
            new GeneratorValue("generator object do_slice", Slices(value, Numbers.ToInt32(a[0], "slices"), a[1], budget))),
        Builtin.Of("attr", [Required("name")], (budget, value, a) => Attribute(value, TextArguments.Text(a[0], "name"), budget)),
    ];

    private static object? FirstOr(this IEnumerable<object?> items, string message)
    {
        foreach (var item in items)
            return item;
        return new Undefined(message);
    }

    private static object? Default(Budget budget, object? value, object?[] arguments) =>
        value is Undefined || (Iteration.IsTrue(arguments[1]) && !Iteration.IsTrue(value)) ? arguments[0] : value;

    private static object? Length(Budget budget, object? value) => new BigInteger(
        Iteration.LengthOf(value, budget) ?? throw TemplateException.Type($"object of type '{TypeName.Of(value)}' has no len()"));

    private static IEnumerable<object?> Backwards(object? value, Budget budget)
    {
        Undefined.ThrowIfStrict(value);
        if (value is not (string or Markup or List<object?> or TupleValue or DictValue or DictView or RangeValue or Undefined))
            throw TemplateException.Type($"'{TypeName.Of(value)}' object is not reversible");
        var items = Iteration.ToList(value, budget);
        for (var index = items.Count - 1; index >= 0; index--)
            yield return value is Markup ? new Markup((string)items[index]!) : items[index];
    }

    private static object? Reverse(Budget budget, object? value)
    {
        switch (value)
        {
            case string text:
                return CodePoints.Reverse(budget.Made(text));
            case Markup markup:
                return new Markup(CodePoints.Reverse(budget.Made(markup.Text)));
            case GeneratorValue:
                var items = Iteration.ToList(value, budget);
                items.Reverse();
                return items;
            case List<object?> or TupleValue or DictValue or DictView or RangeValue:
                return new GeneratorValue($"{TypeName.Of(value)}_reverseiterator object", Backwards(value, budget));
            case Undefined undefined:
                throw undefined.Used();
            default:
                throw new TemplateException("FilterArgumentError", "argument must be iterable");
        }
    }

    private static object? Join(Budget budget, object? value, object?[] arguments)
    {
        var items = Iteration.Over(value, budget);
        if (arguments[1] is not null)
            items = items.Select(ItemGetter.Of(arguments[1], ignoresCase: false, null, budget));
        return TextMethods.Join(ValueText.Of(arguments[0], budget), items.Select(object? (item) => ValueText.Of(item, budget)), budget);
    }

    private static object? Sum(Budget budget, object? value, object?[] arguments)
    {
        if (arguments[1] is string or Markup)
            throw TemplateException.Type("sum() can't sum strings [use ''.join(seq) instead]");
        var getter = ItemGetter.Of(arguments[0], ignoresCase: false, null, budget);
        return Iteration.Over(value, budget).Aggregate(arguments[1], (sum, item) => Arithmetic.Apply("+", sum, getter(item), budget));
    }

    private static object? Best(Budget budget, object? value, object?[] arguments, string comparison)
    {
        var getter = ItemGetter.Of(arguments[1], !Iteration.IsTrue(arguments[0]), null, budget);
        (object? Key, object? Item)? best = null;
        foreach (var item in Iteration.Over(value, budget))
        {
            var key = getter(item);
            if (best is null || Ordering.Compare(comparison, key, best.Value.Key, budget))
                best = (key, item);
        }

        return best is null ? new Undefined("No aggregated item, sequence was empty.") : best.Value.Item;
    }

    private static object? DictSort(Budget budget, object? value, object?[] arguments)
    {
        Undefined.ThrowIf(value);
        var by = Markup.TextOf(arguments[1]);
        if (by is not ("key" or "value"))
            throw new TemplateException("FilterArgumentError", "You can only sort by either \"key\" or \"value\"");
        if (value is not DictValue dict)
            throw TemplateException.Type($"'{TypeName.Of(value)}' object has no attribute 'items'");
        var index = by == "key" ? 0 : 1;
        var ignoresCase = !Iteration.IsTrue(arguments[0]);
        var items = Iteration.ToList(new DictView(dict, DictView.Part.Items), budget);
        return Ordering.Sort(items, item => Key(((TupleValue)item!).Items[index]), Iteration.IsTrue(arguments[2]), budget);

        object? Key(object? part) => ignoresCase ? ItemGetter.IgnoreCase(part, budget) : part;
    }

    /// <summary>Sorted by the attribute; a group's name is that of its first item, whose case counts though groups ignore it.</summary>
    private static object? GroupBy(Budget budget, object? value, object?[] arguments)
    {
        var ignoresCase = !Iteration.IsTrue(arguments[2]);
        var key = ItemGetter.Of(arguments[0], ignoresCase, arguments[1], budget);
        var name = ItemGetter.Of(arguments[0], ignoresCase: false, arguments[1], budget);
        var groups = new List<object?>();
        List<object?>? group = null;
        object? current = null;
        foreach (var item in Ordering.Sort(Iteration.ToList(value, budget), key, isReversed: false, budget))
        {
            var itemKey = key(item);
            if (group is null || !Equality.AreSameOrEqual(current, itemKey, budget))
            {
                group = [];
                current = itemKey;
                groups.Add(new TupleValue([name(item), group], GroupFields));
            }

            budget.MakeElements(2);
            group.Add(item);
        }

        return groups;
    }

    private static object? Items(Budget budget, object? value) => new GeneratorValue("generator object do_items", value switch
    {
        Undefined => [],
        DictValue dict => new DictView(dict, DictView.Part.Items).Items(),
        _ => throw TemplateException.Type("Can only get item pairs from a mapping."),
    });

    private static IEnumerable<object?> Batches(object? value, int size, object? fill, Budget budget)
    {
        var batch = new List<object?>();
        foreach (var item in Iteration.Over(value, budget))
        {
            if (batch.Count == size)
            {
                yield return batch;
                batch = [];
            }

            budget.MakeElements(1);
            batch.Add(item);
        }

        if (batch.Count == 0)
            yield break;
        if (fill is not null && batch.Count < size)
        {
            budget.MakeElements(size - batch.Count);
            batch.AddRange(Enumerable.Repeat(fill, size - batch.Count));
        }

        yield return batch;
    }

    /// <summary>So many lists, the first ones longer by one if the items don't divide evenly.</summary>
    private static IEnumerable<object?> Slices(object? value, int slices, object? fill, Budget budget)
    {
        var items = Iteration.ToList(value, budget);
        if (slices == 0)
            throw TemplateException.ZeroDivision("integer division or modulo by zero");
        var start = 0;
        for (var index = 0; index < slices; index++)
        {
            var isLonger = index < items.Count % slices;
            var size = (items.Count / slices) + (isLonger ? 1 : 0);
            budget.MakeElements(size + 1);
            var slice = items.GetRange(start, size);
            start += size;
            if (fill is not null && !isLonger)
                slice.Add(fill);
            yield return slice;
        }
    }

    private static object? Attribute(object? value, string name, Budget budget)
    {
        Undefined.ThrowIf(value);
        if (name.StartsWith('_'))
            return Undefined.Unsafe(value, name);
        return Access.TryAttribute(value, name, budget, out var attribute) ? attribute : Undefined.Attribute(value, name);
    }
}

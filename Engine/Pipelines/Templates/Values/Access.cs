using System.Numerics;
using Rat.Engine.Pipelines.Templates.Builtins;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>
/// Attributes, items and slices. <c>a.b</c> looks for an attribute first and then for an item, <c>a['b']</c> the other way round; what
/// neither has is undefined. A name that starts with an underscore is refused on every value (the contract is stricter here than Jinja).
/// </summary>
internal static class Access
{
    public static object? Attribute(object? target, string name, Budget budget)
    {
        Undefined.ThrowIf(target);
        if (name.StartsWith('_'))
            return Undefined.Unsafe(target, name);
        if (TryAttribute(target, name, budget, out var value) || (target is DictValue dict && dict.TryGet(name, out value)))
            return value;
        return Undefined.Attribute(target, name);
    }

    public static object? Item(object? target, object? key, Budget budget)
    {
        Undefined.ThrowIf(target);
        var name = Markup.TextOf(key);
        if (name is not null && name.StartsWith('_'))
            return Undefined.Unsafe(target, name);
        if (TryItem(target, key, budget, out var value) || (name is not null && TryAttribute(target, name, budget, out value)))
            return value;
        return Undefined.Item(target, key);
    }

    public static bool TryAttribute(object? target, string name, Budget budget, out object? value)
    {
        switch (target)
        {
            case NamespaceValue names:
                return names.Attributes.TryGet(name, out value);
            case TupleValue { FieldNames: { } fields } tuple when Array.IndexOf(fields, name) is >= 0 and var index:
                value = tuple.Items[index];
                return true;
            case LoopValue loop:
                value = loop.Attribute(name);
                return value is not Undefined || name is "previtem" or "nextitem";
            case BlocksValue blocks:
                value = blocks.Find(name);
                return value is not null;
            default:
                value = Methods.Find(target, name, budget);
                return value is not null || Properties.TryFind(target, name, out value);
        }
    }

    /// <param name="start">Null for the end that the direction begins at; likewise the others.</param>
    public static object? Slice(object? target, object? start, object? stop, object? step, Budget budget)
    {
        Undefined.ThrowIf(target);
        if (target is not (string or Markup or List<object?> or TupleValue or RangeValue))
            throw TemplateException.Type($"'{TypeName.Of(target)}' object is not subscriptable by a slice");
        var length = Iteration.LengthOf(target, budget)!.Value;
        var stride = Bound(step) ?? BigInteger.One;
        var (first, end, by, count) = Resolve(Bound(start), Bound(stop), stride, length);
        return target switch
        {
            string text => SliceText(text, first, by, count, budget),
            Markup markup => new Markup(SliceText(markup.Text, first, by, count, budget)),
            TupleValue tuple => new TupleValue(SliceItems(tuple.Items, first, by, count, budget)),
            RangeValue range => new RangeValue(range[first], range[end], range.Step * stride, count),
            _ => SliceItems((List<object?>)target, first, by, count, budget),
        };
    }

    /// <summary>The place that an index means, which counts from the end if it is negative; null if it is out of range.</summary>
    public static int? Position(BigInteger index, int length)
    {
        var position = index.Sign < 0 ? index + length : index;
        return position.Sign >= 0 && position < length ? (int)position : null;
    }

    private static bool TryItem(object? target, object? key, Budget budget, out object? value)
    {
        value = null;
        if (target is DictValue dict)
            return Equality.IsHashable(key, budget) && dict.TryGet(key, out value);
        if (Numbers.AsInteger(key) is not { } index || target is not (string or Markup or List<object?> or TupleValue or RangeValue))
            return false;
        if (Position(index, Iteration.LengthOf(target, budget)!.Value) is not { } position)
            return false;
        value = target switch
        {
            string text => CodePoints.At(text, position),
            Markup markup => new Markup(CodePoints.At(markup.Text, position)),
            TupleValue tuple => tuple.Items[position],
            RangeValue range => range[position],
            _ => ((List<object?>)target)[position],
        };
        return true;
    }

    private static BigInteger? Bound(object? bound) => bound switch
    {
        null => null,
        Undefined undefined => throw undefined.Used(),
        _ => Numbers.AsInteger(bound) ?? throw TemplateException.Type("slice indices must be integers or None"),
    };

    /// <summary>Python's rules of slicing (https://docs.python.org/3/library/stdtypes.html#common-sequence-operations, notes 3 to 5).</summary>
    private static (int First, int End, int By, int Count) Resolve(BigInteger? start, BigInteger? stop, BigInteger step, int length)
    {
        if (step.IsZero)
            throw TemplateException.Value("slice step cannot be zero");
        var (lowest, highest) = step.Sign > 0 ? (0, length) : (-1, length - 1);
        var first = start is null ? (step.Sign > 0 ? lowest : highest) : Clamp(start.Value);
        var end = stop is null ? (step.Sign > 0 ? highest : lowest) : Clamp(stop.Value);
        var by = (int)BigInteger.Max(BigInteger.Min(step, length + 1), -length - 1);
        var distance = by > 0 ? end - first : first - end;
        return (first, end, by, distance <= 0 ? 0 : ((distance - 1) / Math.Abs(by)) + 1);

        int Clamp(BigInteger bound) =>
            (int)BigInteger.Max(lowest, BigInteger.Min(highest, bound.Sign < 0 ? bound + length : bound));
    }

    private static string SliceText(string text, int first, int by, int count, Budget budget)
    {
        budget.MakeText(count);
        if (count == 0)
            return "";
        if (by == 1)
            return CodePoints.Slice(text, first, first + count);
        var letters = CodePoints.Of(text).ToArray();
        budget.MakeElements(letters.Length);
        return string.Concat(Enumerable.Range(0, count).Select(index => letters[first + (index * by)]));
    }

    private static List<object?> SliceItems(IReadOnlyList<object?> items, int first, int by, int count, Budget budget)
    {
        budget.MakeElements(count);
        return [.. Enumerable.Range(0, count).Select(index => items[first + (index * by)])];
    }
}

using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Methods of lists; those that only read also exist on tuples and ranges.</summary>
internal static class ListMethods
{
    public static IReadOnlyList<Builtin> Reading { get; } =
    [
        Builtin.Of("count", [Required("value")], (budget, self, a) => new BigInteger(
            Iteration.Over(self, budget).Count(item => Equality.AreSameOrEqual(item, a[0], budget)))),
        Builtin.Of("index", [Required("value"), Optional("start", BigInteger.Zero), Optional("stop")], IndexOf),
    ];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        .. Reading,
        Builtin.Of("append", [Required("object")], (budget, self, a) => Insert(budget, List(self), List(self).Count, a[0])),
        Builtin.Of("clear", (_, self) =>
        {
            List(self).Clear();
            return null;
        }),
        Builtin.Of("copy", (budget, self) => Iteration.ToList(self, budget)),
        Builtin.Of("extend", [Required("iterable")], (budget, self, a) =>
        {
            // A list can be extended by itself, so its items are taken first.
            List(self).AddRange(Iteration.ToList(a[0], budget));
            return null;
        }),
        Builtin.Of("insert", [Required("index"), Required("object")], (budget, self, a) =>
        {
            budget.Spend(1 + (List(self).Count / 8));
            return Insert(budget, List(self), Clamp(a[0], List(self).Count), a[1]);
        }),
        Builtin.Of("pop", [Optional("index", new BigInteger(-1))], Pop),
        Builtin.Of("remove", [Required("value")], (budget, self, a) =>
        {
            var index = List(self).FindIndex(item => Equality.AreSameOrEqual(item, a[0], budget));
            if (index < 0)
                throw TemplateException.Value("list.remove(x): x not in list");
            List(self).RemoveAt(index);
            return null;
        }),
        Builtin.Of("reverse", (budget, self) =>
        {
            budget.Spend(List(self).Count);
            List(self).Reverse();
            return null;
        }),
        Builtin.Of("sort", [Optional("key"), Optional("reverse", false)], Sort),
    ];

    private static List<object?> List(object? self) => (List<object?>)self!;

    private static object? Insert(Budget budget, List<object?> list, int index, object? item)
    {
        budget.MakeElements(1);
        list.Insert(index, item);
        return null;
    }

    private static int Clamp(object? value, int length)
    {
        var index = Numbers.AsInteger(value) ?? throw TemplateException.Type($"'{TypeName.Of(value)}' object cannot be interpreted as an integer");
        return (int)BigInteger.Max(0, BigInteger.Min(length, index.Sign < 0 ? index + length : index));
    }

    private static object? IndexOf(Budget budget, object? self, object?[] arguments)
    {
        var items = self as IReadOnlyList<object?> ?? (self as TupleValue)?.Items ?? Iteration.ToList(self, budget);
        var end = arguments[2] is null ? items.Count : Clamp(arguments[2], items.Count);
        for (var index = Clamp(arguments[1], items.Count); index < end; index++)
        {
            if (Equality.AreSameOrEqual(items[index], arguments[0], budget))
                return new BigInteger(index);
        }

        throw TemplateException.Value($"{ValueText.Repr(arguments[0], budget)} is not in {TypeName.Of(self)}");
    }

    private static object? Pop(Budget budget, object? self, object?[] arguments)
    {
        var list = List(self);
        var index = Numbers.AsInteger(arguments[0])
            ?? throw TemplateException.Type($"'{TypeName.Of(arguments[0])}' object cannot be interpreted as an integer");
        if (Access.Position(index, list.Count) is not { } position)
            throw new TemplateException("IndexError", list.Count == 0 ? "pop from empty list" : "pop index out of range");
        budget.Spend(1 + ((list.Count - position) / 8));
        var item = list[position];
        list.RemoveAt(position);
        return item;
    }

    private static object? Sort(Budget budget, object? self, object?[] arguments)
    {
        var list = List(self);
        Func<object?, object?> key = arguments[0] is null ? item => item : item => Calls.Call(arguments[0], Arguments.Of(item));
        var sorted = Ordering.Sort([.. list], key, Iteration.IsTrue(arguments[1]), budget);
        list.Clear();
        list.AddRange(sorted);
        return null;
    }
}

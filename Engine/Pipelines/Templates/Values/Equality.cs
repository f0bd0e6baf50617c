using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Equality and hashes of values, as Python has them: <c>1</c>, <c>1.0</c> and <c>True</c> are one value.</summary>
internal static class Equality
{
    public static bool AreEqual(object? left, object? right, Budget budget)
    {
        budget.Spend();
        Undefined.ThrowIfStrict(left);
        Undefined.ThrowIfStrict(right);
        switch (left, right)
        {
            case (string or Markup, string or Markup):
                var text = Markup.TextOf(left)!;
                budget.Read(text);
                return text == Markup.TextOf(right);
            case (bool or BigInteger or double, bool or BigInteger or double):
                return Numbers.Compare(left, right) == 0;
            case (List<object?> a, List<object?> b):
                return AreSequencesEqual(a, b, budget);
            case (TupleValue a, TupleValue b):
                return AreSequencesEqual(a.Items, b.Items, budget);
            case (DictValue a, DictValue b):
                return AreDictsEqual(a, b, budget);
            case (RangeValue a, RangeValue b):
                return a.Count == b.Count && (a.Count == 0 || (a.Start == b.Start && (a.Count == 1 || a.Step == b.Step)));
            case (DictView { Shown: not DictView.Part.Values } a, DictView { Shown: not DictView.Part.Values } b):
                return a.Dict.Count == b.Dict.Count && a.Items().All(item => Iteration.Contains(b, item, budget));
            default:
                return ReferenceEquals(left, right);
        }
    }

    /// <summary>Two elements are also equal if they are the same object, even when that is not equal to itself.</summary>
    public static bool AreSameOrEqual(object? left, object? right, Budget budget) =>
        ReferenceEquals(left, right) || AreEqual(left, right, budget);

    public static int Hash(object? value, Budget budget)
    {
        budget.Spend();
        Undefined.ThrowIfStrict(value);
        return value switch
        {
            null => 0,
            string text => HashText(text, budget),
            Markup markup => HashText(markup.Text, budget),
            bool flag => (flag ? BigInteger.One : BigInteger.Zero).GetHashCode(),
            BigInteger number => number.GetHashCode(),
            double number when double.IsInteger(number) => new BigInteger(number).GetHashCode(),
            double number => HashCode.Combine(number),
            TupleValue tuple => HashTuple(tuple, budget),
            RangeValue range => HashCode.Combine(range.Count, range.Count > 0 ? range.Start : 0),
            List<object?> or DictValue or DictView { Shown: not DictView.Part.Values } =>
                throw TemplateException.Type($"unhashable type: '{TypeName.Of(value)}'"),
            _ => RuntimeHelpers.GetHashCode(value),
        };
    }

    /// <summary>Whether a value can be a key. An undefined one is an error.</summary>
    public static bool IsHashable(object? value, Budget budget)
    {
        budget.Spend();
        TemplateLimits.EnsureStack();
        Undefined.ThrowIfStrict(value);
        return value is TupleValue tuple
            ? tuple.Items.All(item => IsHashable(item, budget))
            : value is not (List<object?> or DictValue or DictView { Shown: not DictView.Part.Values });
    }

    private static int HashText(string text, Budget budget)
    {
        budget.Read(text);
        return text.GetHashCode(StringComparison.Ordinal);
    }

    private static int HashTuple(TupleValue tuple, Budget budget)
    {
        TemplateLimits.EnsureStack();
        var hash = default(HashCode);
        foreach (var item in tuple.Items)
            hash.Add(Hash(item, budget));
        return hash.ToHashCode();
    }

    private static bool AreSequencesEqual(IReadOnlyList<object?> left, IReadOnlyList<object?> right, Budget budget)
    {
        TemplateLimits.EnsureStack();
        if (left.Count != right.Count)
            return false;
        for (var index = 0; index < left.Count; index++)
        {
            if (!AreSameOrEqual(left[index], right[index], budget))
                return false;
        }

        return true;
    }

    private static bool AreDictsEqual(DictValue left, DictValue right, Budget budget)
    {
        TemplateLimits.EnsureStack();
        if (left.Count != right.Count)
            return false;
        foreach (var (key, value) in left.Items())
        {
            if (!right.TryGet(key, out var other) || !AreSameOrEqual(value, other, budget))
                return false;
        }

        return true;
    }
}

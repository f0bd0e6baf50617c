using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <param name="FieldNames">Names of the items where the tuple has them, as the groups of <c>groupby</c> do.</param>
internal sealed record TupleValue(IReadOnlyList<object?> Items, string[]? FieldNames = null)
{
    public static TupleValue Of(params object?[] items) => new(items);
}

/// <summary>Numbers from <paramref name="Start"/> by <paramref name="Step"/>, <paramref name="Count"/> of them.</summary>
internal sealed record RangeValue(BigInteger Start, BigInteger Stop, BigInteger Step, int Count)
{
    public BigInteger this[int index] => Start + (Step * index);

    /// <summary>At most as many as the sandbox lets through.</summary>
    public static RangeValue Create(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
            throw TemplateException.Value("range() arg 3 must not be zero");
        var distance = step.Sign > 0 ? stop - start : start - stop;
        var count = distance.Sign <= 0 ? BigInteger.Zero : ((distance - 1) / BigInteger.Abs(step)) + 1;
        return count <= TemplateLimits.RangeLength
            ? new RangeValue(start, stop, step, (int)count)
            : throw TemplateException.Overflow(
                $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({TemplateLimits.RangeLength}).");
    }
}

/// <summary>Values that are made while they are taken, each once: what <c>map</c>, <c>select</c> and their like give.</summary>
internal sealed class GeneratorValue(string name, IEnumerable<object?> items)
{
    private readonly IEnumerator<object?> _items = items.GetEnumerator();

    public string Name => name;

    /// <summary>Takes the next value; false at the end. Generators over generators recurse here.</summary>
    public bool TryTake(out object? value)
    {
        TemplateLimits.EnsureStack();
        var isThere = _items.MoveNext();
        value = isThere ? _items.Current : null;
        return isThere;
    }

    public IEnumerable<object?> Rest()
    {
        while (TryTake(out var value))
            yield return value;
    }
}

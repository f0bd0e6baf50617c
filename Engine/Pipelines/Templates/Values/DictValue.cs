namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>A dict: keys that are equal in Python's sense are one key, and the order is that of insertion.</summary>
internal sealed class DictValue(Budget budget)
{
    private static readonly object NoneKey = new();

    private readonly OrderedDictionary<object, object?> _items = new(new KeyComparer(budget));

    public int Count => _items.Count;

    public bool TryGet(object? key, out object? value) => _items.TryGetValue(key ?? NoneKey, out value);

    public void Set(object? key, object? value)
    {
        budget.MakeElements(2);
        _items[key ?? NoneKey] = value;
    }

    public bool Remove(object? key, out object? value)
    {
        // Removing moves all that follows.
        budget.Spend(1 + (_items.Count / 8));
        return _items.Remove(key ?? NoneKey, out value);
    }

    public (object? Key, object? Value) At(int index)
    {
        var (key, value) = _items.GetAt(index);
        return (ReferenceEquals(key, NoneKey) ? null : key, value);
    }

    public void Clear() => _items.Clear();

    public DictValue Copy()
    {
        var copy = new DictValue(budget);
        foreach (var (key, value) in Items())
            copy.Set(key, value);
        return copy;
    }

    /// <summary>Its items in order. Like Python's, the dict may not grow or shrink meanwhile.</summary>
    public IEnumerable<(object? Key, object? Value)> Items()
    {
        var count = _items.Count;
        for (var index = 0; index < count; index++)
        {
            yield return At(index);
            if (_items.Count != count)
                throw new TemplateException("RuntimeError", "dictionary changed size during iteration");
        }
    }

    private sealed class KeyComparer(Budget budget) : IEqualityComparer<object>
    {
        public new bool Equals(object? x, object? y) =>
            ReferenceEquals(x, y) || (!ReferenceEquals(x, NoneKey) && !ReferenceEquals(y, NoneKey) && Equality.AreEqual(x, y, budget));

        public int GetHashCode(object key) => ReferenceEquals(key, NoneKey) ? 0 : Equality.Hash(key, budget);
    }
}

/// <summary>The keys, values or items of a dict, as they are when they are looked at.</summary>
internal sealed record DictView(DictValue Dict, DictView.Part Shown)
{
    internal enum Part
    {
        Keys,
        Values,
        Items,
    }

    public string TypeName => Shown switch { Part.Keys => "dict_keys", Part.Values => "dict_values", _ => "dict_items" };

    public IEnumerable<object?> Items() => Dict.Items().Select(item => Shown switch
    {
        Part.Keys => item.Key,
        Part.Values => item.Value,
        _ => TupleValue.Of(item.Key, item.Value),
    });
}

using System.Diagnostics.CodeAnalysis;

namespace Rat.Storage.Lake;

/// <summary>Values that never change, by key: those used last, up to a total weight. One value alone may weigh more.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(long most, Func<TValue, long> weigh)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = new();
    private long _weight;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Puts a value in the place of what the key had.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var old))
                Remove(old);
            _nodes[key] = _byUse.AddFirst((key, value));
            _weight += weigh(value);
            while (_weight > most && _byUse.Count > 1)
                Remove(_byUse.Last!);
        }
    }

    private void Remove(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _byUse.Remove(node);
        _nodes.Remove(node.Value.Key);
        _weight -= weigh(node.Value.Value);
    }
}

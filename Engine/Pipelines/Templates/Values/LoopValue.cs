using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>The variable <c>loop</c> of a loop that is running. It looks ahead only when asked to, for the items may be made as they are taken.</summary>
/// <param name="items">The value that is looped over, whose length may be known.</param>
/// <param name="recurse">Renders the loop's body for other items; null if the loop isn't recursive.</param>
internal sealed class LoopValue(object? items, IEnumerator<object?> rest, int depth0, Func<object?, object?>? recurse, Budget budget)
{
    private static readonly object NotTaken = new();
    private static readonly object AtEnd = new();

    private IEnumerator<object?> _rest = rest;
    private object? _previous;
    private object? _current = NotTaken;
    private object? _following = NotTaken;
    private int? _length;
    private TupleValue? _lastSeen;

    public int Index0 { get; private set; } = -1;

    public int Depth0 => depth0;

    public Func<object?, object?>? Recurse => recurse;

    /// <summary>The number of items. What has no length is taken to its end to count it.</summary>
    public int Length => _length ??= Iteration.LengthOf(items, budget) ?? CountAll();

    public bool IsLast => ReferenceEquals(Peek(), AtEnd);

    public object? PreviousItem => Index0 == 0 ? new Undefined("there is no previous item") : _previous;

    public object? NextItem => IsLast ? new Undefined("there is no next item") : _following;

    /// <summary>Goes to the next item; false at the end.</summary>
    public bool TryMove(out object? item)
    {
        item = Peek();
        if (ReferenceEquals(item, AtEnd))
            return false;
        _following = NotTaken;
        _previous = _current;
        _current = item;
        Index0++;
        return true;
    }

    public object? Cycle(IReadOnlyList<object?> values) =>
        values.Count > 0 ? values[Index0 % values.Count] : throw TemplateException.Type("no items for cycling given");

    public bool Changed(IReadOnlyList<object?> values)
    {
        var seen = new TupleValue(values);
        if (_lastSeen is not null && Equality.AreEqual(_lastSeen, seen, budget))
            return false;
        _lastSeen = seen;
        return true;
    }

    public object? Attribute(string name) => name switch
    {
        "index" => Number(Index0 + 1),
        "index0" => Number(Index0),
        "revindex" => Number(Length - Index0),
        "revindex0" => Number(Length - Index0 - 1),
        "first" => Index0 == 0,
        "last" => IsLast,
        "length" => Number(Length),
        "depth" => Number(depth0 + 1),
        "depth0" => Number(depth0),
        "previtem" => PreviousItem,
        "nextitem" => NextItem,
        "cycle" => new FunctionValue("<bound method LoopContext.cycle>", arguments => Cycle(arguments.Positional)),
        "changed" => new FunctionValue("<bound method LoopContext.changed>", arguments => Changed(arguments.Positional)),
        _ => Undefined.Attribute(this, name),
    };

    private static BigInteger Number(int value) => new(value);

    private object? Peek()
    {
        if (ReferenceEquals(_following, NotTaken))
            _following = _rest.MoveNext() ? _rest.Current : AtEnd;
        return _following;
    }

    private int CountAll()
    {
        var all = new List<object?>();
        while (_rest.MoveNext())
        {
            budget.MakeElements(1);
            all.Add(_rest.Current);
        }

        _rest = all.GetEnumerator();
        return Index0 + 1 + all.Count + (ReferenceEquals(_following, NotTaken) || ReferenceEquals(_following, AtEnd) ? 0 : 1);
    }
}

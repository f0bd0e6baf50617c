namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>
/// What a statement will cost DuckDB before it runs, which no time limit can break off: how deep it is nested, and how much of it DuckDB
/// copies. Binding writes the expression of an alias, and the query of a NOT MATERIALIZED name, to every place that names it, so that twenty
/// short lines can become a million.
/// </summary>
/// <param name="copiesCtes">Whether the statement says NOT MATERIALIZED anywhere; the tree doesn't tell where.</param>
internal sealed class Effort(bool copiesCtes)
{
    private const long MostCopied = 5_000;

    private Dictionary<string, long>? _aliases;
    private long _copied;

    public Levels Here { get; private set; }

    /// <summary>The deepest place since it was set.</summary>
    public Levels Deepest { get; set; }

    /// <summary>Nodes so far, with those that are copied.</summary>
    public long Weight { get; private set; }

    /// <summary>What there is too much of, or null.</summary>
    public string? Excess => Deepest.Excess ?? (_copied > MostCopied ? GateMessages.TooManyCopies : null);

    public void Enter(Levels levels)
    {
        Weight++;
        Reach(levels);
        Here += levels;
    }

    public void Leave(Levels levels) => Here -= levels;

    /// <summary>A name of WITH is read here.</summary>
    public void Read(CteScope cte)
    {
        Reach(cte.Height);
        if (copiesCtes)
            Copy(cte.Weight);
    }

    /// <summary>Begins a list of columns; its aliases are known from there on. Returns what was known before.</summary>
    public Dictionary<string, long>? BeginAliases()
    {
        var outer = _aliases;
        _aliases = new Dictionary<string, long>(StringComparer.OrdinalIgnoreCase);
        return outer;
    }

    public void EndAliases(Dictionary<string, long>? outer) => _aliases = outer;

    public void Define(string alias, long weight)
    {
        if (alias.Length > 0 && _aliases is not null)
            _aliases[alias] = weight;
    }

    /// <summary>A column of that name is read here, which may be an alias.</summary>
    public void ReadColumn(string name)
    {
        if (_aliases is not null && _aliases.TryGetValue(name, out var weight))
            Copy(weight);
    }

    private void Reach(Levels further) => Deepest = Levels.Max(Deepest, Here + further);

    private void Copy(long weight)
    {
        // Both stop growing once it is too much.
        _copied = Math.Min(_copied + weight, MostCopied + 1);
        Weight = Math.Min(Weight + weight, long.MaxValue / 4);
    }
}

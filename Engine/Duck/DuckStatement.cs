namespace Rat.Engine.Duck;

/// <summary>A statement that parsed and bound.</summary>
internal sealed class DuckStatement : IDisposable
{
    public DuckStatementType Type => throw new NotImplementedException();

    /// <summary>The columns of its result, before it runs. Empty for statements without one.</summary>
    public IReadOnlyList<DuckColumn> Columns => throw new NotImplementedException();

    /// <summary>Begins to execute. The plan is fixed when this returns: views that are replaced later change nothing.</summary>
    /// <exception cref="DuckException"/>
    public DuckResult Start() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

namespace Rat.Engine.Duck;

/// <summary>One statement at a time; only <see cref="Interrupt"/> and <see cref="Progress"/> may be called from other threads.</summary>
internal sealed class DuckConnection : IDisposable
{
    /// <summary>Percent of the running statement, 0 to 100; null when unknown.</summary>
    public double? Progress => throw new NotImplementedException();

    /// <summary>What the last finished statement cost; null when the instance doesn't profile.</summary>
    public DuckProfile? Profile => throw new NotImplementedException();

    /// <summary>Executes statements of our own, any number, separated by semicolons.</summary>
    /// <exception cref="DuckException"/>
    public void Execute(string sql) => throw new NotImplementedException(sql);

    /// <summary>Parses and binds exactly one statement.</summary>
    /// <exception cref="DuckException">It is none, or more than one, or doesn't parse or bind.</exception>
    public DuckStatement Prepare(string sql) => throw new NotImplementedException(sql);

    /// <summary>Prepares and starts a statement of our own.</summary>
    /// <exception cref="DuckException"/>
    public DuckResult Query(string sql) => throw new NotImplementedException(sql);

    /// <summary>First cell of a statement of our own as text; null when it is NULL or there is no row.</summary>
    /// <exception cref="DuckException"/>
    public string? Scalar(string sql) => throw new NotImplementedException(sql);

    /// <summary>Ends the running statement with an error of kind <see cref="DuckErrorKind.Interrupt"/>; does nothing while none runs.</summary>
    public void Interrupt() => throw new NotImplementedException();

    /// <summary>Interrupts when the token is cancelled, also when it is already. Disposing takes that back.</summary>
    public IDisposable InterruptOn(CancellationToken ct) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

namespace Rat.Engine.Duck;

/// <summary>One in-memory DuckDB database: sandboxed, connections configured, then locked.</summary>
internal sealed class DuckInstance : IDisposable
{
    /// <exception cref="DuckLibraryException">The native library can't be loaded.</exception>
    /// <exception cref="DuckException">DuckDB refused a setting.</exception>
    public static DuckInstance Open(DuckInstanceSettings settings) => throw new NotImplementedException(settings.Name);

    /// <summary>True once a statement ended with a FATAL or INTERNAL error: DuckDB answers no statement of this instance any more.</summary>
    public bool IsInvalidated => throw new NotImplementedException();

    /// <summary>Waits in line for a free connection of the pool. Disposing the connection gives it back.</summary>
    public ValueTask<DuckConnection> BorrowAsync(CancellationToken ct) => throw new NotImplementedException();

    /// <summary>A connection beside the pool, for its owner to keep and to dispose.</summary>
    public DuckConnection OpenOwn() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

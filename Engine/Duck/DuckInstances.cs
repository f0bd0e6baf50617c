using Rat.Storage;

namespace Rat.Engine.Duck;

/// <summary>The two instances of the server, opened at first use and replaced when DuckDB has invalidated one.</summary>
internal sealed class DuckInstances : IDisposable
{
    /// <exception cref="DuckLibraryException">The native library can't be loaded.</exception>
    public DuckInstance Queries => throw new NotImplementedException();

    /// <exception cref="DuckLibraryException">The native library can't be loaded.</exception>
    public DuckInstance Runs => throw new NotImplementedException();

    /// <summary>Why the last opening failed; null when it succeeded or none was tried yet.</summary>
    public Failure? LoadFailure => throw new NotImplementedException();

    public void Dispose()
    {
    }
}

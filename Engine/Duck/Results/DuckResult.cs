using System.Diagnostics.CodeAnalysis;

namespace Rat.Engine.Duck;

/// <summary>The rows of a running statement, a chunk at a time. Disposing it ends the statement.</summary>
internal sealed class DuckResult : IDisposable
{
    /// <summary>Names are made unique with <c>_1</c>, <c>_2</c> … in the order of the columns.</summary>
    public IReadOnlyList<DuckColumn> Columns => throw new NotImplementedException();

    /// <summary>The next rows; false at the end. A chunk is valid until its <c>Dispose</c> or the next call, whichever comes first.</summary>
    /// <exception cref="DuckException"/>
    public bool TryReadChunk([NotNullWhen(true)] out DuckChunk? chunk) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

using Rat.Engine.Duck;

namespace Rat.Engine.Queries;

/// <summary>A result that is complete: its statement has ended without an error.</summary>
internal sealed record QueryAnswer(IReadOnlyList<DuckColumn> Columns, CollectedRows Rows, TimeSpan Duration) : IDisposable
{
    public void Dispose() => Rows.Json.Dispose();
}

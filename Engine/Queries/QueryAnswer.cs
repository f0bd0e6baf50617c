using Rat.Engine.Duck;

namespace Rat.Engine.Queries;

/// <summary>A result that is complete: its statement has ended without an error.</summary>
/// <param name="Rows">The rows as one JSON array of objects.</param>
/// <param name="Truncated">A cap of the server cut the result, not the limit that was asked for.</param>
internal sealed record QueryAnswer(
    IReadOnlyList<DuckColumn> Columns, SegmentedBuffer Rows, long RowCount, bool Truncated, TimeSpan Duration) : IDisposable
{
    public void Dispose() => Rows.Dispose();
}

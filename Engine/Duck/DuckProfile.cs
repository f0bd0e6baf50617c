namespace Rat.Engine.Duck;

/// <summary>What a finished statement cost.</summary>
/// <param name="CpuTime">Over all threads.</param>
/// <param name="RowsReturned">Rows of the result.</param>
internal sealed record DuckProfile(TimeSpan Latency, TimeSpan CpuTime, long RowsReturned);

namespace Rat.Engine.Observation;

/// <summary>A number that many threads add to.</summary>
internal sealed class Tally
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    /// <param name="amount">May be negative for what goes up and down.</param>
    public void Add(long amount) => Interlocked.Add(ref _value, amount);
}

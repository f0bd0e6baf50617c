namespace Rat.Engine.Observation;

/// <summary>How long something took, each time with a word for how it ended. The engine keeps none of it: whoever listens does.</summary>
internal sealed class Durations
{
    public event Action<string, TimeSpan>? Observed;

    public void Add(string outcome, TimeSpan duration) => Observed?.Invoke(outcome, duration);
}

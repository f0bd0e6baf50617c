using System.Globalization;

namespace Rat.Torture.Soak;

/// <summary>One minute of the soak (of the small size: a sixth of one).</summary>
/// <param name="End">Since the begin.</param>
/// <param name="Memory">Megabytes resident: the median of what was seen.</param>
/// <param name="Disk">Megabytes at its end, right after retention has run.</param>
/// <param name="Run">Milliseconds: the median of the runs that ended in it.</param>
/// <param name="Ended">How many runs have ended since the begin.</param>
internal sealed record SoakMinute(
    TimeSpan End, double Memory, double LeastMemory, double MostMemory, int LeastHandles, int MostHandles, double Disk, double Run, int Ended)
{
    /// <param name="samples">All of one minute.</param>
    public static SoakMinute Of(IReadOnlyList<SoakSample> samples, double disk, double run, int ended)
    {
        var memory = samples.Select(sample => sample.MemoryMegabytes).Order().ToList();
        return new SoakMinute(
            samples[^1].At, memory[memory.Count / 2], memory[0], memory[^1], samples.Min(sample => sample.Handles), samples.Max(sample => sample.Handles),
            disk, run, ended);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{End.TotalSeconds,6:0} s: {Memory,6:0.0} MB of memory ({LeastMemory:0.0} to {MostMemory:0.0}), {LeastHandles} to {MostHandles} handles, {Disk,6:0.0} MB on disk, {Run:0.0} ms a run, {Ended} runs ended");
}

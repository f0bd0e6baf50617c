using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Rat.Engine.Runs;

/// <summary>The phases of a run, by their names in the phase profile.</summary>
internal static class RunPhase
{
    public const string BranchCreation = "branch_creation";
    public const string ConfigLoading = "config_loading";
    public const string BuildResult = "build_result";
    public const string TableWrite = "iceberg_write";
    public const string QualityTests = "quality_tests";
    public const string BranchResolution = "branch_resolution";

    public static readonly string[] All = [BranchCreation, ConfigLoading, BuildResult, TableWrite, QualityTests, BranchResolution];
}

/// <summary>Measures how long each phase of one run takes. One phase is under way at a time.</summary>
internal sealed class PhaseClock
{
    private readonly Dictionary<string, double> _milliseconds = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private string? _phase;
    private long _phaseStart;

    /// <summary>Since the run began, in whole milliseconds.</summary>
    public long TotalMilliseconds => (long)Stopwatch.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Ends the phase under way and begins <paramref name="phase"/>.</summary>
    public void Enter(string phase)
    {
        Leave();
        (_phase, _phaseStart) = (phase, Stopwatch.GetTimestamp());
    }

    /// <summary>JSON object with all six phases; one that was not reached has 0.</summary>
    public string ToJson()
    {
        Leave();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var phase in RunPhase.All)
                writer.WriteNumber(phase, Math.Round(_milliseconds.GetValueOrDefault(phase), 3));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Leave()
    {
        if (_phase is null)
            return;
        _milliseconds[_phase] = _milliseconds.GetValueOrDefault(_phase) + Stopwatch.GetElapsedTime(_phaseStart).TotalMilliseconds;
        _phase = null;
    }
}

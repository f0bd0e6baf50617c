using Rat.Engine.Duck;
using Rat.Engine.Queries;
using Rat.Engine.Runs;

namespace Rat.Engine.Previews;

/// <summary>One phase that came to its end.</summary>
internal sealed record PreviewPhase(string Name, TimeSpan Duration, IReadOnlyDictionary<string, string> Metadata);

/// <summary>What a preview has come to: after an error it holds what was there before.</summary>
internal sealed class PreviewReport(TimeProvider time) : IDisposable
{
    private readonly List<PreviewPhase> _phases = [];
    private readonly List<string> _warnings = [];

    public RunLog Log { get; } = new(time);

    /// <summary>In their order: detect, compile, execute, explain, count.</summary>
    public IReadOnlyList<PreviewPhase> Phases => _phases;

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<DuckColumn> Columns { get; private set; } = [];

    /// <summary>Null when the statement brought none.</summary>
    public CollectedRows? Rows { get; private set; }

    /// <summary>Rows of the whole result, as far as they were counted.</summary>
    public long TotalRows { get; set; }

    /// <summary>The plan, and what each part of it cost.</summary>
    public string Explanation { get; set; } = "";

    /// <summary>By how much the engine's memory was at most above what it was before; statements of others that ran meanwhile are in it.</summary>
    public long MemoryPeakBytes { get; set; }

    /// <summary>Why it failed; null when it didn't.</summary>
    public string? Error { get; private set; }

    /// <summary>Begins a phase.</summary>
    public PhaseTimer Begin() => new(this, time);

    public void Warn(string message)
    {
        _warnings.Add(message);
        Log.Warn(message);
    }

    public void Fail(string message)
    {
        Error = message;
        Log.Error($"Preview failed: {message}");
    }

    public void Take(IReadOnlyList<DuckColumn> columns, CollectedRows rows)
    {
        (Columns, Rows) = (columns, rows);
        TotalRows = rows.Count;
    }

    public void Dispose() => Rows?.Json.Dispose();

    /// <summary>The time of a phase.</summary>
    internal readonly struct PhaseTimer(PreviewReport report, TimeProvider time)
    {
        private readonly long _start = time.GetTimestamp();

        /// <summary>Ends the phase, which is reported only if this is called.</summary>
        public void End(string name, params ReadOnlySpan<(string Key, string Value)> metadata)
        {
            var texts = new OrderedDictionary<string, string>();
            foreach (var (key, value) in metadata)
                texts.Add(key, value);
            report._phases.Add(new PreviewPhase(name, time.GetElapsedTime(_start), texts));
        }
    }
}

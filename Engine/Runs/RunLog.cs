using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>The log of one run while it is in this process: appended by its executor, read by any number of followers.</summary>
internal sealed class RunLog(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<RunLogLine> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _closed;

    /// <summary>How many lines there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _lines.Count;
        }
    }

    public void Debug(string message) => Write("debug", message);
    public void Info(string message) => Write("info", message);
    public void Warn(string message) => Write("warn", message);
    public void Error(string message) => Write("error", message);

    /// <summary>A line with the time of now that is not part of the log yet.</summary>
    public RunLogLine NewLine(string level, string message) => new(time.GetUtcNow(), level, message);

    /// <summary>Appends lines that were stored with the end of the run.</summary>
    public void Add(IEnumerable<RunLogLine> lines)
    {
        lock (_lock)
            _lines.AddRange(lines);
        Wake();
    }

    /// <summary>No line follows: followers that have read all are done.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
        Wake();
    }

    /// <summary>The lines from <paramref name="index"/> on, whether the log is closed, and a task that ends when either changes.</summary>
    public (IReadOnlyList<RunLogLine> Lines, bool Closed, Task Changed) From(int index)
    {
        lock (_lock)
            return (_lines[index..], _closed, _changed.Task);
    }

    private void Write(string level, string message)
    {
        var line = NewLine(level, message);
        lock (_lock)
            _lines.Add(line);
        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource changed;
        lock (_lock)
            (changed, _changed) = (_changed, NewSignal());
        changed.SetResult();
    }

    // Asynchronous continuations: a follower must never run on the executor's thread.
    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using Rat.Engine.Duck;

namespace Rat.Engine.Previews;

/// <summary>
/// Looks at an instance's memory every few milliseconds. DuckDB keeps no account of one statement's memory, and its own high-water mark is
/// that of the instance since it was opened.
/// </summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly DuckConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly long _before;
    private long _peak;

    private MemoryWatch(DuckConnection connection)
    {
        _connection = connection;
        _before = Look();
        _watching = Task.Run(WatchAsync);
    }

    /// <exception cref="DuckException"/>
    public static MemoryWatch Start(DuckInstance instance)
    {
        var connection = instance.OpenOwn();
        try
        {
            return new MemoryWatch(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Stops, and answers by how many bytes the memory was at most above what it was at the start.</summary>
    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return Math.Max(0, Math.Max(_peak, Look()) - _before);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        _connection.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, _stop.Token);
                _peak = Math.Max(_peak, Look());
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (DuckException)
            {
                // The instance broke at the statement that is watched.
                return;
            }
        }
    }

    private long Look() => long.TryParse(_connection.Scalar("SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()"), out var bytes) ? bytes : 0;
}

namespace Rat.Engine.Duck;

/// <summary>
/// Interrupts a connection from a token's cancellation on. DuckDB forgets an interrupt that comes just before a statement begins, so it is
/// repeated until this is disposed; afterwards none comes any more.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Repetition = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly DuckConnection _connection;
    private readonly CancellationTokenRegistration _registration;
    private Timer? _repeating;
    private volatile bool _isRequested;
    private bool _disposed;

    public Interruption(DuckConnection connection, CancellationToken ct)
    {
        _connection = connection;
        _registration = ct.UnsafeRegister(state => ((Interruption)state!).Begin(), this);
    }

    /// <summary>True from the cancellation on.</summary>
    public bool IsRequested => _isRequested;

    public void Dispose()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _disposed = true;
            _repeating?.Dispose();
        }

        _connection.Forget(this);
    }

    private void Begin()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _isRequested = true;
            _connection.Interrupt();
            _repeating = new Timer(state => ((Interruption)state!).Repeat(), this, Repetition, Repetition);
        }
    }

    private void Repeat()
    {
        lock (_gate)
        {
            if (!_disposed)
                _connection.Interrupt();
        }
    }
}

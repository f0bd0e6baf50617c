using System.Collections.Concurrent;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Native;

namespace Rat.Engine.Duck;

/// <summary>One in-memory DuckDB database: sandboxed, configured, then locked. Its pool is also its admission queue: as many statements run as
/// there are connections, the others wait in the order they came.</summary>
internal sealed class DuckInstance : IDisposable
{
    // Waiting for a semaphore asynchronously is first come, first served.
    private readonly SemaphoreSlim _free;
    private readonly ConcurrentStack<DuckDBNativeConnection> _idle = new();
    private readonly DuckDBDatabase _database;
    private readonly string? _connectionSettings;
    private readonly Func<IDisposable>? _hold;
    private volatile bool _invalidated;
    private volatile bool _disposed;

    private DuckInstance(DuckDBDatabase database, DuckInstanceSettings settings)
    {
        _database = database;
        _free = new SemaphoreSlim(settings.Connections);
        _connectionSettings = DuckConfiguration.OfConnection(settings);
        _hold = settings.Hold;
    }

    /// <summary>True once a statement ended with a FATAL error, or with an INTERNAL one while it executed: DuckDB answers no statement of this
    /// instance any more.</summary>
    public bool IsInvalidated => _invalidated;

    /// <exception cref="DuckLibraryException">The native library can't be loaded.</exception>
    /// <exception cref="DuckException">DuckDB refused a setting.</exception>
    public static DuckInstance Open(DuckInstanceSettings settings)
    {
        DuckLibrary.Prepare();
        try
        {
            var instance = new DuckInstance(DuckConfiguration.OpenDatabase(settings), settings);
            using var connection = instance.OpenOwn();
            connection.Execute(DuckConfiguration.OfInstance(settings));
            return instance;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new DuckLibraryException($"DuckDB's library can't be loaded: {exception.Message}", exception);
        }
    }

    /// <summary>Waits in line for a free connection of the pool. Disposing the connection gives it back.</summary>
    /// <exception cref="DuckException">The instance is invalidated or closed.</exception>
    public async ValueTask<DuckConnection> BorrowAsync(CancellationToken ct)
    {
        await _free.WaitAsync(ct);
        try
        {
            return Borrow();
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>A connection beside the pool, for its owner to keep and to dispose.</summary>
    public DuckConnection OpenOwn() => new(this, Connect(), isPooled: false);

    /// <summary>Closes what is idle; what is borrowed ends with its statement.</summary>
    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
        _database.Dispose();
    }

    /// <summary>Lets no statement start any more.</summary>
    public void Invalidate() => _invalidated = true;

    /// <summary>Takes a connection of the pool back.</summary>
    /// <param name="ranOurOwn">Whether statements ran that may have begun a transaction or said <c>USE</c>: those of users can't.</param>
    /// <param name="closes">Whether it isn't to be lent again.</param>
    public void GiveBack(DuckDBNativeConnection connection, bool ranOurOwn, bool closes)
    {
        if (ranOurOwn && !closes)
            Run(connection, "ROLLBACK"); // an error when there is none
        if (closes || ranOurOwn && Run(connection, DuckConfiguration.Reset) is not null)
            connection.Dispose();
        else
            _idle.Push(connection);
        if (_disposed)
            CloseIdle();
        _free.Release();
    }

    private DuckConnection Borrow()
    {
        if (_invalidated || _disposed)
            throw new DuckException(DuckErrorKind.Fatal, "FATAL Error: the query engine is being restarted after an internal error; try again");
        if (!_idle.TryPop(out var connection))
        {
            connection = Connect();
            if (_connectionSettings is not null && Run(connection, _connectionSettings) is { } refused)
                throw refused;
        }

        return new DuckConnection(this, connection, isPooled: true) { Held = _hold?.Invoke() };
    }

    private DuckDBNativeConnection Connect() =>
        NativeMethods.Startup.DuckDBConnect(_database, out var connection) == DuckDBState.Success
            ? connection
            : throw new DuckException("DuckDB opened no connection");

    private DuckException? Run(DuckDBNativeConnection connection, string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(connection, sql, out var result);
        var error = state == DuckDBState.Success ? null : new DuckException(NativeMethods.Query.DuckDBResultError(ref result));
        NativeMethods.Query.DuckDBDestroyResult(ref result);
        if (error?.Kind == DuckErrorKind.Fatal)
            Invalidate();
        return error;
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var connection))
            connection.Dispose();
    }
}

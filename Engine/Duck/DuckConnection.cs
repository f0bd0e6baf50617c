using System.Globalization;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck;

/// <summary>One statement at a time; only <see cref="Interrupt"/> and <see cref="Progress"/> may be called from other threads.</summary>
internal sealed class DuckConnection : IDisposable
{
    private readonly Lock _gate = new();
    private readonly DuckInstance _instance;
    private readonly bool _isPooled;
    private readonly List<Interruption> _interruptions = [];
    private readonly List<IDisposable> _kept = [];
    private bool _ranOurOwn;
    private bool _closes;
    private bool _disposed;

    public DuckConnection(DuckInstance instance, DuckDBNativeConnection native, bool isPooled)
    {
        _instance = instance;
        Native = native;
        _isPooled = isPooled;
    }

    /// <summary>For the statements and results of this connection only.</summary>
    public DuckDBNativeConnection Native { get; }

    /// <summary>Disposed once the connection is, and after all that it was given to keep.</summary>
    public IDisposable? Held { get; init; }

    /// <summary>Percent of the running statement, 0 to 100; null when unknown.</summary>
    public double? Progress
    {
        get
        {
            lock (_gate)
            {
                if (_disposed)
                    return null;
                var percent = NativeMethods.Startup.DuckDBQueryProgress(Native).Percentage;
                return percent < 0 ? null : percent;
            }
        }
    }

    /// <summary>What the last statement cost, once its rows are read; null when the instance doesn't profile, or DuckDB answered without
    /// executing anything.</summary>
    public DuckProfile? Profile => DuckProfile.Of(Native, RowsRead);

    /// <summary>What each operator of the last statement did; empty unless <see cref="ProfileOperators"/> is in force.</summary>
    public IReadOnlyList<OperatorProfile> Operators => OperatorProfile.Of(Native);

    /// <summary>Rows of the last result that were read so far.</summary>
    public long RowsRead { get; set; }

    /// <summary>Executes statements of our own, any number, separated by semicolons.</summary>
    /// <exception cref="DuckException"/>
    public void Execute(string sql)
    {
        Check(sql);
        _ranOurOwn = true;
        var state = NativeMethods.Query.DuckDBQuery(Native, sql, out var result);
        var error = state == DuckDBState.Success ? null : NativeMethods.Query.DuckDBResultError(ref result);
        NativeMethods.Query.DuckDBDestroyResult(ref result);
        if (state != DuckDBState.Success)
            throw Failed(error);
    }

    /// <summary>Parses and binds exactly one statement. A text that ends in a semicolon, or in comments, is one.</summary>
    /// <exception cref="DuckException">It is none, or more than one, or doesn't parse or bind.</exception>
    public DuckStatement Prepare(string sql)
    {
        Check(sql);
        return DuckStatement.Prepare(this, sql);
    }

    /// <summary>Prepares and starts a statement of our own.</summary>
    /// <exception cref="DuckException"/>
    public DuckResult Query(string sql)
    {
        _ranOurOwn = true;
        using var statement = Prepare(sql);
        return statement.Start();
    }

    /// <summary>First cell of a statement of our own, which must be text, a number or a boolean; null when it is NULL or there is no row.</summary>
    /// <exception cref="DuckException"/>
    public string? Scalar(string sql)
    {
        using var result = Query(sql);
        if (!result.TryReadChunk(out var chunk) || chunk.IsNull(0, 0))
            return null;
        return result.Columns[0].VectorType.Kind switch
        {
            DuckTypeKind.Varchar or DuckTypeKind.Enum => chunk.GetString(0, 0),
            DuckTypeKind.Boolean => chunk.GetBoolean(0, 0) ? "true" : "false",
            DuckTypeKind.Float or DuckTypeKind.Double => chunk.GetDouble(0, 0).ToString(CultureInfo.InvariantCulture),
            DuckTypeKind.HugeInt => chunk.GetInt128(0, 0).ToString(CultureInfo.InvariantCulture),
            _ => chunk.GetInt64(0, 0).ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Disposes what the statements of this connection need once the connection is given back.</summary>
    public void Keep(IDisposable needed) => _kept.Add(needed);

    /// <summary>To be said before temporary tables are made: they go with their connection, which isn't lent again then.</summary>
    public void CloseAfterUse() => _closes = true;

    /// <summary>Ends the running statement with an error of kind <see cref="DuckErrorKind.Interrupt"/>; does nothing while none runs, and
    /// nothing to whoever borrows the same connection next.</summary>
    public void Interrupt()
    {
        lock (_gate)
        {
            if (!_disposed)
                NativeMethods.Startup.DuckDBInterrupt(Native);
        }
    }

    /// <summary>Interrupts when the token is cancelled, also when it is already. Disposing takes that back.</summary>
    public IDisposable InterruptOn(CancellationToken ct)
    {
        var interruption = new Interruption(this, ct);
        _interruptions.Add(interruption);
        return interruption;
    }

    /// <summary>Records what each operator of a statement does, until the returned object is disposed. That must be before the connection is,
    /// and not while it is interrupted. For instances that don't profile anyway: theirs would be taken back with it.</summary>
    /// <exception cref="DuckException"/>
    public IDisposable ProfileOperators()
    {
        Execute($"SET custom_profiling_settings = {DuckQuote.Literal(OperatorProfile.Settings)}; SET enable_profiling = 'no_output'");
        return new OperatorProfiling(this);
    }

    public void Forget(Interruption interruption) => _interruptions.Remove(interruption);

    public void ThrowIfInterrupted()
    {
        foreach (var interruption in _interruptions)
        {
            if (interruption.IsRequested)
                throw new DuckException("INTERRUPT Error: Interrupted!");
        }
    }

    /// <summary>The exception of an error that DuckDB reported while it parsed or bound. A failed assertion there leaves the instance whole, or
    /// else everyone who finds one could stop it.</summary>
    public DuckException Refused(string? message)
    {
        var exception = new DuckException(message ?? "DuckDB reported an error without a message");
        if (exception.Kind == DuckErrorKind.Fatal)
            _instance.Invalidate();
        return exception;
    }

    /// <summary>The exception of an error that DuckDB reported while it executed.</summary>
    public DuckException Failed(string? message)
    {
        var exception = Refused(message);
        if (exception.Kind == DuckErrorKind.Internal)
            _instance.Invalidate();
        return exception;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        while (_interruptions.Count > 0)
            _interruptions[^1].Dispose();
        if (_isPooled)
            _instance.GiveBack(Native, _ranOurOwn, _closes);
        else
            Native.Dispose();
        _kept.ForEach(needed => needed.Dispose());
        Held?.Dispose();
    }

    private void Check(string sql)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // DuckDB reads up to the first NUL: what follows would have been checked by others, but not be executed.
        if (sql.Contains('\0'))
            throw new DuckException("Parser Error: a statement can't hold a NUL character");
        ThrowIfInterrupted();
    }

    private sealed class OperatorProfiling(DuckConnection connection) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                connection.Execute("RESET enable_profiling; RESET custom_profiling_settings");
            }
            catch (DuckException)
            {
                // An instance that DuckDB has invalidated takes no statement any more, and its connections are not used again.
            }
        }
    }
}

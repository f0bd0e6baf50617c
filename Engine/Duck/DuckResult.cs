using System.Diagnostics.CodeAnalysis;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Interop;
using Rat.Engine.Duck.Types;

namespace Rat.Engine.Duck;

/// <summary>The rows of a running statement, a chunk at a time. Disposing it ends the statement.</summary>
internal sealed class DuckResult : IDisposable
{
    private readonly DuckConnection _connection;
    private readonly IReadOnlyList<DuckColumn> _expected;
    private PendingResult? _pending;
    private DuckDBResult _native;
    private bool _isExecuting;
    private IReadOnlyList<DuckColumn> _columns = [];
    private DuckChunk? _chunk;
    private bool _ended;

    public DuckResult(DuckConnection connection, PendingResult pending, IReadOnlyList<DuckColumn> expected)
    {
        _connection = connection;
        _pending = pending;
        _expected = expected;
    }

    /// <summary>Names are made unique with <c>_1</c>, <c>_2</c> … in the order of the columns. Waits for the first rows.</summary>
    /// <exception cref="DuckException"/>
    public IReadOnlyList<DuckColumn> Columns
    {
        get
        {
            EnsureExecuting();
            return _columns;
        }
    }

    /// <summary>The next rows; false at the end. A chunk is valid until the next call.</summary>
    /// <exception cref="DuckException"/>
    public bool TryReadChunk([NotNullWhen(true)] out DuckChunk? chunk)
    {
        EnsureExecuting();
        _chunk?.Dispose();
        _chunk = chunk = _ended ? null : Fetch();
        _ended = chunk is null;
        return chunk is not null;
    }

    /// <summary>The next rows, the caller's to dispose; they may be read on another thread. False at the end.</summary>
    /// <exception cref="DuckException"/>
    public bool TryTakeChunk([NotNullWhen(true)] out DuckChunk? chunk)
    {
        var isThere = TryReadChunk(out chunk);
        _chunk = null;
        return isThere;
    }

    public void Dispose()
    {
        _chunk?.Dispose();
        _pending?.Dispose();
        _pending = null;
        _ended = true;
        if (_isExecuting)
            NativeMethods.Query.DuckDBDestroyResult(ref _native);
        _isExecuting = false;
    }

    private void EnsureExecuting()
    {
        if (_pending is null)
            return;
        _connection.ThrowIfInterrupted();
        var state = Execute(_pending, out _native);
        _isExecuting = true;
        _pending.Dispose();
        _pending = null;
        if (state != DuckDBState.Success)
            throw _connection.Failed(NativeMethods.Query.DuckDBResultError(ref _native));
        _columns = ReadColumns();
    }

    private static unsafe DuckDBState Execute(PendingResult pending, out DuckDBResult result)
    {
        result = default;
        fixed (DuckDBResult* target = &result)
            return PendingResults.Execute(pending, target);
    }

    private DuckChunk? Fetch()
    {
        _connection.ThrowIfInterrupted();
        var native = NativeMethods.Query.DuckDBFetchChunk(_native);
        if (!native.IsInvalid && NativeMethods.DataChunks.DuckDBDataChunkGetSize(native) > 0)
        {
            var chunk = new DuckChunk(native, _columns);
            _connection.RowsRead += chunk.RowCount;
            return chunk;
        }

        native.Dispose();
        return NativeMethods.Query.DuckDBResultError(ref _native) is { Length: > 0 } error ? throw _connection.Failed(error) : null;
    }

    /// <summary>What the vectors really hold is asked of the result: a catalog that changed since the prepare may have changed the types, and
    /// reading by the old ones would be reading foreign memory.</summary>
    private IReadOnlyList<DuckColumn> ReadColumns()
    {
        var count = (int)NativeMethods.Query.DuckDBColumnCount(ref _native);
        var names = new string[count];
        var types = new DuckType[count];
        for (var i = 0; i < count; i++)
        {
            names[i] = NativeMethods.Query.DuckDBColumnName(ref _native, i);
            types[i] = DuckTypeReader.Take(NativeMethods.Query.DuckDBColumnLogicalType(ref _native, i));
        }

        if (_expected.Count != count || _expected.All(column => ReferenceEquals(column.Type, column.VectorType)))
            return DuckColumn.List(names, types);
        return [.. _expected.Select((column, i) => ReferenceEquals(column.Type, column.VectorType)
            ? new DuckColumn(column.Name, types[i])
            : column with { VectorType = types[i] })];
    }
}

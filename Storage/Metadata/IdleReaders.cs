using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>
/// Readers that nobody uses right now. The last one that was used is the next: its pages are the warm ones, and those of the others stay few. One
/// that wasn't needed for a while is closed: each holds files and pages, and a rush must not leave more of them for good.
/// </summary>
/// <param name="most">The most that are kept.</param>
internal sealed class IdleReaders(int most) : IDisposable
{
    // In readers given back.
    private const int While = 1000;

    private readonly Lock _lock = new();

    // Guarded by the lock; the coldest first.
    private readonly List<SqliteConnection> _readers = new(most);
    private int _left = While;
    private int _neverNeeded;

    /// <summary>Null when there is none.</summary>
    public SqliteConnection? TryTake()
    {
        lock (_lock)
        {
            if (_readers.Count == 0)
                return null;
            var reader = _readers[^1];
            _readers.RemoveAt(_readers.Count - 1);
            _neverNeeded = Math.Min(_neverNeeded, _readers.Count);
            return reader;
        }
    }

    public void Keep(SqliteConnection reader)
    {
        SqliteConnection? needless = null;
        lock (_lock)
        {
            _readers.Add(reader);
            if (_readers.Count > most || (--_left <= 0 && _neverNeeded > 0))
            {
                needless = _readers[0];
                _readers.RemoveAt(0);
            }

            if (_left <= 0)
                (_left, _neverNeeded) = (While, _readers.Count);
        }

        needless?.Dispose();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _readers.ForEach(reader => reader.Dispose());
            _readers.Clear();
        }
    }
}

using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>
/// The one writer of the database. Works that wait together share one transaction, and so one fsync; each has a savepoint of its own, so
/// that one that throws takes nothing of the others with it. A caller is answered only after the commit is on disk.
/// </summary>
internal sealed class MetadataWriter : IDisposable
{
    // Bounds how long the first caller of a group waits for the works that came after it.
    private const int LargestGroup = 256;

    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly Thread _thread;

    public MetadataWriter(SqliteConnection connection)
    {
        _connection = connection;
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "metadata writer" };
        _thread.Start();
    }

    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        var queued = new Work<T>(work, cancellation);
        return _queue.Writer.TryWrite(queued) ? queued.Task : Task.FromException<T>(new ObjectDisposedException(nameof(MetadataDatabase)));
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _thread.Join();
    }

    private void WriteAll()
    {
        var group = new List<Work>(LargestGroup);
        // The thread has nothing else to do: blocking it is the point.
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            group.Clear();
            while (group.Count < LargestGroup && _queue.Reader.TryRead(out var work))
                group.Add(work);
            WriteGroup(group);
        }
    }

    private void WriteGroup(List<Work> group)
    {
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var work in group)
                WriteOne(work);
            Execute("COMMIT");
        }
        catch (SqliteException exception)
        {
            // Nothing of the group is on disk: nobody may be told otherwise.
            RollBack();
            foreach (var work in group)
                work.Fail(exception);
            return;
        }

        foreach (var work in group)
            work.Complete();
    }

    private void WriteOne(Work work)
    {
        if (work.Cancelled)
            return;
        Execute("SAVEPOINT work");
        if (!work.TryExecute(_connection))
            Execute("ROLLBACK TO work");
        Execute("RELEASE work");
    }

    private void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite rolls back by itself on a full disk and on I/O errors, and then has no transaction to end.
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private abstract class Work(CancellationToken cancellation)
    {
        /// <summary>The caller gave up before the work began.</summary>
        public bool Cancelled => cancellation.IsCancellationRequested;

        /// <summary>False when the work threw: its changes must be rolled back.</summary>
        public abstract bool TryExecute(SqliteConnection connection);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Work<T>(Func<SqliteConnection, T> execute, CancellationToken cancellation) : Work(cancellation)
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _thrown;
        private bool _executed;
        private T? _result;

        public Task<T> Task => _completion.Task;

        public override bool TryExecute(SqliteConnection connection)
        {
            try
            {
                _result = execute(connection);
                return _executed = true;
            }
            catch (Exception exception)
            {
                _thrown = exception;
                return false;
            }
        }

        public override void Complete()
        {
            if (_executed)
                _completion.SetResult(_result!);
            else if (_thrown is not null)
                _completion.SetException(_thrown);
            else
                _completion.SetCanceled(CancellationToken.None);
        }

        public override void Fail(Exception exception) => _completion.SetException(_thrown ?? exception);
    }
}

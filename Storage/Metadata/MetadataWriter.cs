using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>
/// The one writer of the database. Works that wait together share one transaction, and so one fsync; each has a savepoint of its own, so
/// that one that throws takes nothing of the others with it. A caller is answered only after the commit is on disk. What the log has gathered is
/// copied into the database while nobody waits.
/// </summary>
internal sealed class MetadataWriter : IDisposable
{
    // Bounds how long the first caller of a group waits for the works that came after it.
    private const int LargestGroup = 256;

    // How long a rider waits for a group to go along with.
    private static readonly TimeSpan RiderPatience = TimeSpan.FromMilliseconds(10);

    // So many groups of an ordinary server are a few hundred pages.
    private const int GroupsPerCheckpoint = 32;

    // Without a pause to do it in, SQLite does it within a commit, once there are so many pages: 8 MB.
    private const string CheckpointInCommit = "PRAGMA wal_autocheckpoint = 2000";

    // What follows an event comes sooner than this.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentQueue<Work> _riders = new();
    private readonly SqliteConnection _connection;
    private readonly TableVersions _versions;

    // Around every work: kept, so that they are parsed once.
    private readonly SqliteCommand _savepoint;
    private readonly SqliteCommand _release;

    private readonly Thread _thread;
    private readonly Timer _wake;
    private int _isWaking;
    private int _groups;
    private volatile ICommitObserver? _observer;

    public MetadataWriter(SqliteConnection connection)
    {
        _connection = connection;
        _savepoint = Command("SAVEPOINT work");
        _release = Command("RELEASE work");
        Execute(CheckpointInCommit);
        _versions = new TableVersions(connection);
        _wake = new Timer(_ => Wake());
        _thread = new Thread(WriteAll) { IsBackground = true, Name = "metadata writer" };
        _thread.Start();
    }

    /// <inheritdoc cref="TableVersions.Of"/>
    public long Version(ListedTables tables) => _versions.Of(tables);

    /// <summary>Tells this one of each transaction from now on; null: nobody.</summary>
    public void Observe(ICommitObserver? observer) => _observer = observer;

    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        var queued = new Work<T>(work, cancellation);
        return _queue.Writer.TryWrite(queued) ? queued.Task : Task.FromException<T>(new ObjectDisposedException(nameof(MetadataDatabase)));
    }

    /// <summary>
    /// Writes <paramref name="work"/> with the next group, before the works of that group, so that it costs no transaction of its own; after
    /// a few milliseconds without one, in a group for itself. A caller's own works that it queues later are never durable before this is.
    /// </summary>
    public Task<T> RideAsync<T>(Func<SqliteConnection, T> work)
    {
        var queued = new Work<T>(work, CancellationToken.None);
        _riders.Enqueue(queued);
        if (Interlocked.Exchange(ref _isWaking, 1) == 0)
            _wake.Change(RiderPatience, Timeout.InfiniteTimeSpan);
        return queued.Task;
    }

    /// <summary>Writes what is queued, then ends.</summary>
    public void Dispose()
    {
        Wake();
        _queue.Writer.TryComplete();
        _thread.Join();
        _savepoint.Dispose();
        _release.Dispose();
        _wake.Dispose();
    }

    private void Wake()
    {
        Volatile.Write(ref _isWaking, 0);
        _ = WriteAsync(_ => true, CancellationToken.None);
    }

    private void WriteAll()
    {
        var group = new List<Work>(LargestGroup);
        var works = new List<Work>(LargestGroup);
        while (WaitForWork())
        {
            group.Clear();
            works.Clear();
            while (works.Count < LargestGroup && _queue.Reader.TryRead(out var work))
                works.Add(work);
            // Taken after the works, written before them: whoever queued both finds the rider in the same group at the latest.
            while (_riders.TryDequeue(out var rider))
                group.Add(rider);
            group.AddRange(works);
            WriteGroup(group);
        }
    }

    // The thread has nothing else to do: blocking it is the point.
    private bool WaitForWork()
    {
        var waiting = _queue.Reader.WaitToReadAsync().AsTask();
        if (_groups >= GroupsPerCheckpoint && !waiting.Wait(Pause))
            Checkpoint();
        return waiting.GetAwaiter().GetResult();
    }

    // It syncs the disk twice and writes what has changed in between: inside a commit its callers would wait for that.
    private void Checkpoint()
    {
        _groups = 0;
        try
        {
            Execute("PRAGMA wal_checkpoint(PASSIVE)");
        }
        catch (SqliteException)
        {
            // A full disk, or a broken one: the log keeps everything, and the next commit tells.
        }
    }

    private void WriteGroup(List<Work> group)
    {
        _groups++;
        ListedTables touched;
        try
        {
            Execute("BEGIN IMMEDIATE");
            foreach (var work in group)
                WriteOne(work);
            Execute("COMMIT");
            touched = _versions.Publish();
        }
        catch (SqliteException exception)
        {
            // Nothing of the group is on disk: nobody may be told otherwise.
            RollBack();
            // What was changed back has changed too.
            _versions.Publish();
            foreach (var work in group)
                work.Fail(exception);
            return;
        }

        _observer?.Committed(touched);
        foreach (var work in group)
            work.Complete();
    }

    private void WriteOne(Work work)
    {
        if (work.Cancelled)
            return;
        _savepoint.ExecuteNonQuery();
        if (!work.TryExecute(_connection))
            Execute("ROLLBACK TO work");
        _release.ExecuteNonQuery();
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
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
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

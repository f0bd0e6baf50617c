using Microsoft.Extensions.Logging.Abstractions;
using Rat.Engine;
using Rat.Engine.Duck;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Tests.Duck;

/// <summary>The pool of connections, and the two instances of a server.</summary>
public sealed class DuckInstanceTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    [Fact]
    public async Task Connections_are_lent_in_the_order_in_which_they_were_asked_for()
    {
        using var instance = database.Open(connections: 2);
        var first = await instance.BorrowAsync(CancellationToken.None);
        var second = await instance.BorrowAsync(CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var third = instance.BorrowAsync(CancellationToken.None).AsTask();
        var cancelled = instance.BorrowAsync(impatient.Token).AsTask();
        var fourth = instance.BorrowAsync(CancellationToken.None).AsTask();

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(third.IsCompleted);
        second.Dispose();
        using var lent = await third.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(fourth.IsCompleted);
        first.Dispose();
        first.Dispose(); // again is nothing: no third one gets a place
        using var last = await fourth.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(instance.BorrowAsync(CancellationToken.None).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Nothing_of_one_borrow_is_left_for_the_next()
    {
        using var instance = database.Open(connections: 1);
        using (var connection = await instance.BorrowAsync(CancellationToken.None))
        {
            connection.Execute("ATTACH ':memory:' AS other; CREATE SCHEMA other.silver; USE other.silver; BEGIN; CREATE TABLE other.silver.t AS SELECT 1 AS x");
            Assert.Equal("other.silver", connection.Scalar("SELECT current_database() || '.' || current_schema()"));
        }

        using var next = await instance.BorrowAsync(CancellationToken.None);
        Assert.Equal("memory.main", next.Scalar("SELECT current_database() || '.' || current_schema()"));
        Assert.Equal(DuckErrorKind.Catalog, Assert.Throws<DuckException>(() => next.Execute("SELECT * FROM other.silver.t")).Kind);
        next.Execute("BEGIN; COMMIT");
    }

    [Fact]
    public async Task A_result_that_nobody_disposed_does_not_hold_up_the_next_borrower()
    {
        using var instance = database.Open(connections: 1);
        using (var connection = await instance.BorrowAsync(CancellationToken.None))
            Assert.True(connection.Prepare("SELECT range FROM range(1000000)").Start().TryReadChunk(out _));

        using var next = await instance.BorrowAsync(CancellationToken.None);
        Assert.Equal("42", next.Scalar("SELECT 42"));
    }

    [Fact]
    public async Task Many_queries_at_once_all_get_their_own_answer()
    {
        using var instance = database.Open(connections: 3);
        using (var setUp = instance.OpenOwn())
            setUp.Execute("CREATE TABLE numbers AS SELECT range AS n FROM range(200000)");

        var sums = await Task.WhenAll(Enumerable.Range(1, 32).Select(number => Task.Run(async () =>
        {
            using var connection = await instance.BorrowAsync(CancellationToken.None);
            return (number, rows: DatabaseRows(connection, $"SELECT {number} AS number, count(*) AS c FROM numbers WHERE n % {number} = 0"));
        })));

        Assert.All(sums, sum => Assert.Equal($$"""{"number":{{sum.number}},"c":{{(200_000 + sum.number - 1) / sum.number}}}""", Assert.Single(sum.rows)));
    }

    [Fact]
    public async Task An_instance_that_broke_lends_nothing_and_takes_its_connections_back()
    {
        using var instance = database.Open(connections: 2);
        var lent = await instance.BorrowAsync(CancellationToken.None);
        instance.Invalidate();

        Assert.True(instance.IsInvalidated);
        var error = await Assert.ThrowsAsync<DuckException>(() => instance.BorrowAsync(CancellationToken.None).AsTask());
        Assert.Equal(DuckErrorKind.Fatal, error.Kind);
        instance.Dispose();
        Assert.Equal("42", lent.Scalar("SELECT 42")); // the statement in flight ends in peace
        lent.Dispose();
    }

    [Theory]
    [InlineData("FATAL Error: Failed: database has been invalidated", true, true)]
    [InlineData("INTERNAL Error: Attempted to dereference unique_ptr that is NULL!", false, true)]
    [InlineData("Invalid Input Error: FATAL Error: x", false, false)]
    [InlineData("IO Error: x", false, false)]
    public void A_fatal_error_breaks_the_instance_an_internal_one_only_while_executing(string message, bool whenRefused, bool whenFailed)
    {
        using var refusing = database.Open(connections: 1);
        using var failing = database.Open(connections: 1);
        using (var connection = refusing.OpenOwn())
            Assert.Equal(message, connection.Refused(message).Message);
        using (var connection = failing.OpenOwn())
            Assert.Equal(message, connection.Failed(message).Message);

        Assert.Equal(whenRefused, refusing.IsInvalidated);
        Assert.Equal(whenFailed, failing.IsInvalidated);
    }

    [Fact]
    public void No_statement_can_pretend_a_fatal_error()
    {
        var error = Assert.Throws<DuckException>(() => database.Connection.Scalar("SELECT error('FATAL Error: x')"));

        Assert.Equal(DuckErrorKind.InvalidInput, error.Kind);
        Assert.False(database.Instance.IsInvalidated);
    }

    [Fact]
    public async Task A_broken_instance_is_replaced_by_a_fresh_one_and_the_other_stays()
    {
        using var data = DataDirectory.Open(Directory.CreateTempSubdirectory("rat-duck-").FullName).Value;
        using var instances = new DuckInstances(new EngineSettings { MemoryLimitBytes = 256L << 20 }, data, new LakePins(), NullLogger<DuckInstances>.Instance);
        var (queries, runs) = (instances.Queries, instances.Runs);
        Assert.Same(queries, instances.Queries);
        Assert.NotSame(queries, runs);

        queries.Invalidate();

        var fresh = instances.Queries;
        Assert.NotSame(queries, fresh);
        Assert.Same(runs, instances.Runs);
        Assert.Null(instances.LoadFailure);
        using var connection = await fresh.BorrowAsync(CancellationToken.None);
        Assert.Equal("128.0 MiB", connection.Scalar("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'"));
        using var run = await runs.BorrowAsync(CancellationToken.None);
        Assert.Equal("256.0 MiB", run.Scalar("SELECT value FROM duckdb_settings() WHERE name = 'memory_limit'"));
        Assert.NotNull(run.Profile);
    }

    /// <summary>DuckDB's own limit doesn't see such a list: without the fence the system kills the process.</summary>
    [Theory]
    [InlineData("SELECT len(range(4000000000))")]
    [InlineData("SELECT len(list_resize([1], 4000000000))")]
    public void What_scalar_functions_allocate_is_fenced(string sql)
    {
        if (!OperatingSystem.IsLinux())
            return;
        MemoryFence.Set(16L << 30);
        try
        {
            Assert.Equal(DuckErrorKind.OutOfMemory, Assert.Throws<DuckException>(() => database.Connection.Scalar(sql)).Kind);
            Assert.Equal("42", database.Connection.Scalar("SELECT 42"));
        }
        finally
        {
            MemoryFence.Lift();
        }
    }

    private static IReadOnlyList<string> DatabaseRows(DuckConnection connection, string sql) => DuckDatabase.Lines(connection, sql);
}

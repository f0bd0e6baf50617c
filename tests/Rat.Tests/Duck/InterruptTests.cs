using System.Diagnostics;
using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>Statements end when their token says so, and no other does.</summary>
public sealed class InterruptTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = -1")]
    [InlineData("SELECT max(x) FROM (SELECT md5(a.range::VARCHAR) AS x FROM range(100000000) a ORDER BY 1)")]
    [InlineData("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n > 0) SELECT count(*) FROM r")]
    [InlineData("SELECT max(regexp_replace(repeat('ab', 500 + range % 2), '(a|b)*c', 'x', 'g')) FROM range(100000000)")]
    [InlineData("SELECT a.range FROM range(100000000) a")]
    [InlineData("CREATE OR REPLACE TEMP TABLE large AS SELECT md5(range::VARCHAR) AS x FROM range(1000000000)")]
    public void A_statement_ends_soon_after_its_token_is_cancelled(string sql)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        var watch = Stopwatch.StartNew();
        DuckException error;
        using (database.Connection.InterruptOn(timeout.Token))
            error = Assert.Throws<DuckException>(() => ReadAll(sql));

        Assert.True(error.IsInterrupted, error.Message);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(50), Patience);
        Assert.Equal("42", database.Connection.Scalar("SELECT 42"));
    }

    [Fact]
    public void Several_statements_in_one_text_end_too()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var interrupt = database.Connection.InterruptOn(timeout.Token);

        var error = Assert.Throws<DuckException>(() =>
        {
            for (var i = 0; i < int.MaxValue; i++)
                database.Connection.Execute("CREATE OR REPLACE TEMP TABLE small AS SELECT range FROM range(1000); DROP TABLE small;");
        });

        Assert.True(error.IsInterrupted, error.Message);
    }

    [Fact]
    public void A_token_that_is_cancelled_already_lets_nothing_start()
    {
        using (database.Connection.InterruptOn(new CancellationToken(canceled: true)))
        {
            Assert.True(Assert.Throws<DuckException>(() => database.Connection.Execute("SELECT 1")).IsInterrupted);
            Assert.True(Assert.Throws<DuckException>(() => database.Connection.Prepare("SELECT 1")).IsInterrupted);
        }

        Assert.Equal("1", database.Connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void A_token_that_is_cancelled_between_prepare_and_start_is_not_forgotten()
    {
        using var source = new CancellationTokenSource();
        using var interrupt = database.Connection.InterruptOn(source.Token);
        using var statement = database.Connection.Prepare("SELECT 1");
        source.Cancel();

        Assert.True(Assert.Throws<DuckException>(statement.Start).IsInterrupted);
    }

    [Fact]
    public void A_result_ends_between_two_chunks()
    {
        using var source = new CancellationTokenSource();
        using var interrupt = database.Connection.InterruptOn(source.Token);
        using var result = database.Connection.Query("SELECT range FROM range(1000000)");
        Assert.True(result.TryReadChunk(out _));
        source.Cancel();

        Assert.True(Assert.Throws<DuckException>(() => result.TryReadChunk(out _)).IsInterrupted);
    }

    [Fact]
    public async Task An_interrupt_never_hits_the_next_statement()
    {
        using var connection = database.Instance.OpenOwn();
        for (var i = 0; i < 300; i++)
        {
            using var source = new CancellationTokenSource();
            var canceller = Task.Run(source.Cancel, CancellationToken.None);
            using (connection.InterruptOn(source.Token))
            {
                try
                {
                    connection.Scalar("SELECT count(*) FROM range(20000)");
                }
                catch (DuckException error) when (error.IsInterrupted)
                {
                }
            }

            Assert.Equal("20000", connection.Scalar("SELECT count(*) FROM range(20000)"));
            await canceller;
            connection.Interrupt(); // nothing runs
            Assert.Equal("20000", connection.Scalar("SELECT count(*) FROM range(20000)"));
        }
    }

    [Fact]
    public async Task An_interrupt_of_a_connection_that_was_given_back_does_nothing()
    {
        using var instance = database.Open(connections: 1);
        var before = await instance.BorrowAsync(CancellationToken.None);
        before.Dispose();
        using var after = await instance.BorrowAsync(CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var interrupting = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                before.Interrupt();
        });

        Assert.Equal("5000000", after.Scalar("SELECT count(*) FROM range(5000000) WHERE range >= 0"));
        Assert.Null(before.Progress);
        await stop.CancelAsync();
        await interrupting;
    }

    [Fact]
    public async Task Progress_of_a_running_statement_is_known()
    {
        database.Connection.Execute("CREATE TABLE scanned AS SELECT range AS n, md5(range::VARCHAR) AS h FROM range(500000)");
        using var connection = await database.Instance.BorrowAsync(CancellationToken.None);
        using var timeout = new CancellationTokenSource(Patience);
        using var interrupt = connection.InterruptOn(timeout.Token);
        Assert.Null(connection.Progress);

        var seen = new HashSet<double>();
        // On a quiet machine one scan may be over before anybody has looked.
        while (!seen.Any(percent => percent is > 0 and < 100) && !timeout.IsCancellationRequested)
        {
            var work = Task.Run(() => connection.Scalar("SELECT count(*) FROM scanned WHERE regexp_matches(h, '(a|b)*c(d|e)*f')"), CancellationToken.None);
            while (!work.IsCompleted)
            {
                if (connection.Progress is { } percent)
                    seen.Add(percent);
                await Task.Yield();
            }

            Assert.NotNull(await work);
        }

        Assert.Contains(seen, percent => percent is > 0 and < 100);
        Assert.All(seen, percent => Assert.InRange(percent, 0, 100));
    }

    private void ReadAll(string sql)
    {
        using var result = database.Connection.Query(sql);
        while (result.TryReadChunk(out _))
        {
        }
    }
}

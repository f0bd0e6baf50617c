using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.Landing;
using Rat.Engine.Observation;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Queries;

/// <summary>Answers SQL over the committed tables: gate, views, execution within the time limit, result in memory.</summary>
internal sealed class QueryService(
    DuckInstances duck, ViewCatalogs views, SqlGate gate, MetadataDatabase database, LakeTables tables, LandingLookup landing,
    ResultExporter exporter, EngineSettings settings, ErrorTexts errors, EngineCounters counters, TimeProvider time)
{
    /// <summary>Runs one read-only statement of a user.</summary>
    /// <param name="ns">Namespace of two-part names.</param>
    /// <param name="limit">Most rows to answer, at least 1.</param>
    /// <returns>The answer, the caller's to dispose; <see cref="FailureKind.Invalid"/> for what is wrong with the SQL;
    /// <see cref="FailureKind.DeadlineExceeded"/>; <see cref="FailureKind.Unavailable"/> without an engine.</returns>
    public Task<Outcome<QueryAnswer>> ExecuteAsync(string sql, string ns, int limit, CancellationToken cancellation) =>
        WithConnectionAsync(async (instance, connection, deadline) =>
        {
            var gated = Admit(connection, sql, ns);
            if (!gated.Succeeded)
                return gated.Failure;
            // On the statement's own first line, so that the lines in DuckDB's messages are the user's.
            var text = gated.Value.CanWrap ? $"SELECT * FROM ({gated.Value.Text}\n) LIMIT {limit}" : gated.Value.Text;
            return await ReadAsync(instance, connection, new Statement(text, gated.Value.Reads, gated.Value.Shape, limit), deadline);
        }, cancellation);

    /// <summary>Runs one read-only statement of a user and returns its whole result in a file.</summary>
    /// <param name="limit">Most rows to answer; null answers all.</param>
    /// <returns>The result, the caller's to dispose; failures as for <see cref="ExecuteAsync"/>, and <see cref="FailureKind.Unavailable"/> when
    /// there is no space for it.</returns>
    public Task<Outcome<ExportedResult>> ExportAsync(string sql, string ns, long? limit, ExportFormat format, CancellationToken cancellation) =>
        WithConnectionAsync(async (instance, connection, deadline) =>
        {
            var gated = Admit(connection, sql, ns);
            return gated.Succeeded
                ? await exporter.WriteAsync(instance, connection, gated.Value, limit, format, deadline)
                : gated.Failure;
        }, cancellation);

    /// <summary>The first rows of a table, in the order in which they are stored.</summary>
    public Task<Outcome<QueryAnswer>> PreviewAsync(TableState table, int limit, CancellationToken cancellation)
    {
        var sql = $"SELECT * FROM {ViewText.NameOf(table.Name)} LIMIT {limit}";
        return WithConnectionAsync(async (instance, connection, deadline) =>
        {
            // What the caller saw may have expired while it waited for the connection.
            if (database.Read(snapshot => tables.Find(snapshot, table.Name)) is not { } current)
                return Failure.NotFound("table not found");
            var statement = new Statement(sql, new StatementReads([new ViewUse(current, Pinned: false)], []), StatementShape.Select, limit);
            return await ReadAsync(instance, connection, statement, deadline);
        }, cancellation);
    }

    private Outcome<GatedSql> Admit(DuckConnection connection, string sql, string ns)
    {
        using var snapshot = database.OpenSnapshot();
        if (!NamespaceStore.Exists(snapshot.Connection, ns))
            return Failure.Invalid($"namespace {ns} does not exist");
        var scope = new GateScope(ns, new CatalogState(tables, snapshot.Connection), landing, settings.Buckets) { MaxBytes = GateScope.LongestQuery };
        return gate.Admit(connection, sql, scope);
    }

    private async Task<Outcome<QueryAnswer>> ReadAsync(
        DuckInstance instance, DuckConnection connection, Statement statement, CancellationToken deadline)
    {
        var start = time.GetTimestamp();
        DuckResult result;
        // Until the execution has begun the views must keep showing what the gate saw.
        using (await views.Of(instance).AcquireAsync(connection, statement.Reads, deadline))
        {
            using var prepared = connection.Prepare(statement.Text);
            if (prepared.Type != (statement.Shape == StatementShape.Explain ? DuckStatementType.Explain : DuckStatementType.Select))
                return Failure.Invalid("Only SELECT queries are allowed");
            result = prepared.Start();
        }

        using (result)
        {
            var columns = errors.Scrub(result.Columns);
            var rows = statement.Shape == StatementShape.Explain
                ? RowCollector.CollectPlans(result, plan => errors.Scrub(PlanText.WithoutFileNames(plan)))
                : RowCollector.Collect(result, columns, statement.Limit);
            return new QueryAnswer(columns, rows, time.GetElapsedTime(start));
        }
    }

    private async Task<Outcome<T>> WithConnectionAsync<T>(
        Func<DuckInstance, DuckConnection, CancellationToken, Task<Outcome<T>>> work, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var ended = "cancelled";
        try
        {
            var outcome = await ExecuteAsync(work, cancellation);
            ended = outcome.Succeeded ? "ok" : outcome.Failure.Kind switch
            {
                FailureKind.DeadlineExceeded => "timeout",
                FailureKind.Unavailable => "unavailable",
                _ => "refused",
            };
            return outcome;
        }
        finally
        {
            counters.QueryDurations.Add(ended, time.GetElapsedTime(start));
        }
    }

    private async Task<Outcome<T>> ExecuteAsync<T>(
        Func<DuckInstance, DuckConnection, CancellationToken, Task<Outcome<T>>> work, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(settings.QueryTimeout);
        try
        {
            // DuckDB blocks its caller: the request's thread must not be held by it.
            return await Task.Run(async () =>
            {
                var instance = duck.Queries;
                using var connection = await instance.BorrowAsync(deadline.Token);
                using var interrupt = connection.InterruptOn(deadline.Token);
                return await work(instance, connection, deadline.Token);
            }, CancellationToken.None);
        }
        catch (DuckLibraryException missing)
        {
            return Failure.Unavailable(missing.Message);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or DuckException { IsInterrupted: true })
        {
            cancellation.ThrowIfCancellationRequested();
            return Failure.DeadlineExceeded(
                $"the query ran past the time limit of {settings.QueryTimeout.TotalSeconds:0} s; QUERY_TIMEOUT_SECS raises it");
        }
        catch (DamagedTableException damaged)
        {
            return Failure.Invalid(damaged.Message);
        }
        catch (DuckException refused)
        {
            return errors.ToFailure(refused);
        }
    }

    private sealed record Statement(string Text, StatementReads Reads, StatementShape Shape, int Limit);
}

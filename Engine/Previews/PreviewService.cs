using System.Globalization;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.Merging.Strategies;
using Rat.Engine.Queries;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Previews;

/// <summary>Dry runs: the first rows of what a pipeline would make, with its plan. Nothing is written (engine.md 6.1).</summary>
internal sealed class PreviewService(
    DuckInstances duck, ViewCatalogs views, MetadataDatabase database, LakeTables tables, PreviewSource sources, Watermark watermark,
    PreviewCompiler compiler, ErrorTexts errors, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Previews. What is wrong with the pipeline is part of the report.</summary>
    /// <returns>The report, the caller's to dispose; <see cref="FailureKind.NotFound"/> without such a pipeline;
    /// <see cref="FailureKind.Unavailable"/> without an engine.</returns>
    public async Task<Outcome<PreviewReport>> PreviewAsync(PreviewOrder order, CancellationToken cancellation)
    {
        if (database.Read(connection => PipelineStore.Find(connection, order.Pipeline)) is not { } pipeline)
            return Failure.NotFound("pipeline not found");
        var report = new PreviewReport(time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limit);
        try
        {
            // DuckDB blocks its caller: the request's thread must not be held by it.
            var failure = await Task.Run(() => RunAsync(pipeline, order, report, deadline.Token), CancellationToken.None);
            if (failure is null)
                report.Log.Info("Preview completed");
            else
                report.Fail(failure.Message);
        }
        catch (DuckLibraryException missing)
        {
            report.Dispose();
            return Failure.Unavailable(missing.Message);
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or DuckException { IsInterrupted: true })
        {
            if (cancellation.IsCancellationRequested)
            {
                report.Dispose();
                throw new OperationCanceledException(cancellation);
            }

            report.Fail($"the preview ran past the time limit of {Limit.TotalSeconds:0} s");
        }
        catch (DamagedTableException damaged)
        {
            report.Fail(damaged.Message);
        }
        catch (DuckException failed)
        {
            report.Fail(errors.ToFailure(failed).Message);
        }

        return report;
    }

    private async Task<Failure?> RunAsync(PipelineRow pipeline, PreviewOrder order, PreviewReport report, CancellationToken deadline)
    {
        // 1. Detect.
        var phase = report.Begin();
        Outcome<LoadedPreview> loaded;
        using (var snapshot = database.OpenSnapshot())
            loaded = sources.Load(snapshot.Connection, pipeline, order, report);
        if (!loaded.Succeeded)
            return loaded.Failure;
        phase.End("detect", ("pipeline_type", loaded.Value.IsPython ? "python" : "sql"));

        // 2. Compile.
        var instance = duck.Queries;
        using var connection = await instance.BorrowAsync(deadline);
        // Taken back after the interruption has ended: the connection goes to others.
        using var profiling = connection.ProfileOperators();
        using var interrupt = connection.InterruptOn(deadline);
        phase = report.Begin();
        var strategy = await StrategyAsync(order, loaded.Value, instance, connection, report, deadline);
        if (!strategy.Succeeded)
            return strategy.Failure;
        var compiled = compiler.Compile(order, loaded.Value, strategy.Value, connection, report, deadline);
        if (!compiled.Succeeded)
            return compiled.Failure;
        phase.End("compile");
        report.Log.Info("SQL compiled");

        // 3. Execute. On the statement's own first line, so that the lines in DuckDB's messages are the author's.
        var statement = compiled.Value;
        var limited = $"SELECT * FROM ({statement.Text}\n) LIMIT {order.Limit.ToString(CultureInfo.InvariantCulture)}";
        await ExecuteAsync(instance, connection, limited, statement.Reads, order.Limit, report, deadline);
        var profile = connection.Operators;

        // 4. and 5. What these two lack is a warning: the rows are there.
        await OrWarnAsync("Explaining", report, () => ExplainAsync(instance, connection, limited, statement.Reads, profile, report, deadline), deadline);
        await OrWarnAsync("Counting", report, () => CountAsync(instance, connection, statement, order.Limit, report, deadline), deadline);
        report.Log.Info($"Total row count: {report.TotalRows}");
        return null;
    }

    // As a run would have it, of the table as it is now.
    private async Task<Outcome<TemplateStrategy>> StrategyAsync(
        PreviewOrder order, LoadedPreview source, DuckInstance instance, DuckConnection connection, PreviewReport report, CancellationToken deadline)
    {
        var choice = StrategyChoice.Of(source.Config, time.GetUtcNow());
        TableState? table;
        using (var snapshot = database.OpenSnapshot())
            table = tables.Find(snapshot.Connection, order.Pipeline);
        var value = await watermark.ReadAsync(choice.IsFallback ? null : source.Config, table, instance, connection, report.Log, deadline);
        return value.Succeeded
            ? new TemplateStrategy(source.Config?.Strategy, value.Value, choice.Strategy.ReplacesTable)
            : value.Failure;
    }

    private async Task ExecuteAsync(
        DuckInstance instance, DuckConnection connection, string sql, StatementReads reads, int limit, PreviewReport report,
        CancellationToken deadline)
    {
        await using var memory = MemoryWatch.Start(instance);
        var phase = report.Begin();
        using (var result = await StartAsync(instance, connection, sql, reads, deadline))
        {
            var columns = errors.Scrub(result.Columns);
            report.Take(columns, RowCollector.Collect(result, columns, limit));
            report.MemoryPeakBytes = await memory.StopAsync();
        }

        phase.End("execute", ("limit", limit.ToString(CultureInfo.InvariantCulture)));
        report.Log.Info($"Executed with limit {limit}: {report.Rows!.Count} rows");
    }

    // The plan of the statement that was executed, and what its first execution cost: it isn't executed again.
    private async Task ExplainAsync(
        DuckInstance instance, DuckConnection connection, string sql, StatementReads reads, IReadOnlyList<OperatorProfile> profile,
        PreviewReport report, CancellationToken deadline)
    {
        var phase = report.Begin();
        var text = new System.Text.StringBuilder();
        using (var result = await StartAsync(instance, connection, $"EXPLAIN {sql}", reads, deadline))
        {
            while (result.TryReadChunk(out var chunk))
            {
                for (var row = 0; row < chunk.RowCount; row++)
                    text.Append(chunk.GetString(1, row)).Append('\n');
            }
        }

        var plan = errors.Scrub(PlanText.WithoutFileNames(text.ToString())).TrimEnd('\n');
        report.Explanation = profile.Count == 0 ? plan : $"{plan}\n\nExecution:\n{errors.Scrub(OperatorProfile.ToText(profile))}";
        phase.End("explain");
    }

    private async Task CountAsync(
        DuckInstance instance, DuckConnection connection, GatedSql statement, int limit, PreviewReport report, CancellationToken deadline)
    {
        var phase = report.Begin();
        if (report.Rows is { } rows && (rows.Truncated || rows.Count >= limit))
        {
            using var result = await StartAsync(instance, connection, $"SELECT count(*) FROM ({statement.Text}\n)", statement.Reads, deadline);
            if (result.TryReadChunk(out var chunk))
                report.TotalRows = chunk.GetInt64(0, 0);
        }

        phase.End("count");
    }

    private async Task<DuckResult> StartAsync(
        DuckInstance instance, DuckConnection connection, string sql, StatementReads reads, CancellationToken deadline)
    {
        // Until the execution has begun the views must keep showing what the gate saw.
        using var lease = await views.Of(instance).AcquireAsync(connection, reads, deadline);
        using var prepared = connection.Prepare(sql);
        return prepared.Start();
    }

    private async Task OrWarnAsync(string what, PreviewReport report, Func<Task> work, CancellationToken deadline)
    {
        try
        {
            await work();
        }
        catch (DuckException failed) when (!deadline.IsCancellationRequested)
        {
            report.Warn($"{what} failed: {errors.ToFailure(failed).Message}");
        }
    }
}

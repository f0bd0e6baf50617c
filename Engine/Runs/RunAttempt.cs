using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Landing;
using Rat.Engine.Merging;
using Rat.Engine.Merging.Strategies;
using Rat.Engine.Quality;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>
/// One attempt of a run, from its source to its commit (engine.md 4.2):
/// 0. wait until no other run writes the table; 1. load source and configuration; 2. compile, and execute the statement once;
/// 3. merge the result into staged files and write the snapshot that names them; 4. quality tests; 5. commit.
/// </summary>
internal sealed class RunAttempt(
    MetadataDatabase database, RunConfiguration configuration, Watermark watermark, PipelineCompiler compiler, TableWriter writer, QualityGate gate,
    RunCommit commit, LakeTables tables, LakeStaging staging, TableLocks locks, DuckInstances duck, ErrorTexts errors, TimeProvider time)
{
    /// <summary>Null when the run was committed; its end is stored then. Throws <see cref="OperationCanceledException"/> when it was told to stop.</summary>
    public async Task<AttemptFailure?> ExecuteAsync(ActiveRun run, PhaseClock clock)
    {
        var startedAt = time.GetUtcNow();
        try
        {
            // 0. From here to the commit nobody else moves the table's pointer.
            clock.Enter(RunPhase.BranchCreation);
            run.Log.Info($"Creating ephemeral branch 'run-{run.Id}'");
            using var held = await locks.AcquireAsync(run.Row.Pipeline, run.Stopping);
            run.Log.Info($"Branch 'run-{run.Id}' created");

            // 1.
            clock.Enter(RunPhase.ConfigLoading);
            var loaded = Load(run);
            if (!loaded.Succeeded)
                return loaded.Failure;
            run.Config = loaded.Value.Config;
            return await BuildAsync(run, clock, loaded.Value, startedAt);
        }
        catch (DuckException interrupted) when (interrupted.IsInterrupted && run.Stopping.IsCancellationRequested)
        {
            throw new OperationCanceledException(run.Stopping);
        }
        catch (DamagedTableException damaged)
        {
            return Failure.Invalid(damaged.Message);
        }
        catch (DuckException failed)
        {
            return AttemptFailure.Of(failed, errors);
        }
    }

    private Outcome<LoadedPipeline> Load(ActiveRun run)
    {
        using var snapshot = database.OpenSnapshot();
        return configuration.Load(run, snapshot.Connection);
    }

    private async Task<AttemptFailure?> BuildAsync(ActiveRun run, PhaseClock clock, LoadedPipeline pipeline, DateTimeOffset startedAt)
    {
        // 2.
        clock.Enter(RunPhase.BuildResult);
        var instance = duck.Runs;
        using var connection = await instance.BorrowAsync(run.Stopping);
        using var interrupt = connection.InterruptOn(run.Stopping);

        var choice = StrategyChoice.Of(pipeline.Config, startedAt);
        var position = await watermark.ReadAsync(
            choice.IsFallback ? null : pipeline.Config, Current(run), instance, connection, run.Log, run.Stopping);
        if (!position.Succeeded)
            return position.Failure;
        run.Log.Info("Compiling template");
        var strategy = new TemplateStrategy(pipeline.Config?.Strategy, position.Value, ReplacesTable: choice.Strategy.ReplacesTable);
        var compiled = compiler.Compile(run, pipeline.Source, strategy, startedAt, connection);
        if (!compiled.Succeeded && IsNothingLeft(run, compiled.Failure))
            return Judge(run, await commit.CommitAsync(run, clock, staged: null, rows: 0, consumed: null));
        if (!compiled.Succeeded)
            return compiled.Failure;

        run.Log.Info("Executing SQL via DuckDB");
        var target = staging.Begin(run.Row.Pipeline, compiled.Value.Target, run.Id);
        var mayBeNamed = false;
        try
        {
            var written = await writer.ExecuteAsync(
                instance, connection, compiled.Value.Sql, choice.Strategy, pipeline.Config?.PartitionBy ?? [], target, run.Stopping);
            if (!written.Succeeded)
                return written.Failure;
            run.Log.Info($"Query returned {written.Value.RowCount} rows");

            // 3.
            clock.Enter(RunPhase.TableWrite);
            var staged = Stage(run, choice, target, written.Value, connection);
            var rows = RowsWritten(written.Value, staged, target);

            // 4.
            clock.Enter(RunPhase.QualityTests);
            var scope = new TestScope(
                run.Row.Pipeline, compiled.Value.Pins, staged?.State ?? compiled.Value.Target, compiled.Value.Target, startedAt);
            if (await gate.CheckAsync(run, pipeline.Source.Tests, scope, instance, connection) is { } refused)
            {
                run.RowsRefused = rows;
                return refused;
            }

            // 5.
            clock.Enter(RunPhase.BranchResolution);
            // A commit that throws may have reached the disk all the same: what it doesn't name then is swept at the next start.
            mayBeNamed = staged is not null;
            var committed = await commit.CommitAsync(run, clock, staged, rows, Consumed(run, pipeline, compiled.Value));
            mayBeNamed &= committed == CommitOutcome.Committed;
            return Judge(run, committed);
        }
        finally
        {
            if (!mayBeNamed)
                staging.Discard(target);
        }
    }

    // Several uploads, each with a run of its own, and the first of these has read them all: nothing is missing, so nothing has failed.
    private bool IsNothingLeft(ActiveRun run, Failure failure)
    {
        if (!failure.Message.StartsWith(GateMessages.NoLandingFiles, StringComparison.Ordinal)
            || !database.Read(connection => RunUploadStore.IsRead(connection, run.Id)))
        {
            return false;
        }

        run.Log.Info("Nothing left to read: a run before this one has read the upload that started it");
        return true;
    }

    /// <exception cref="OperationCanceledException">The run was ended otherwise.</exception>
    private static AttemptFailure? Judge(ActiveRun run, CommitOutcome outcome)
    {
        if (outcome == CommitOutcome.Committed)
            return null;
        if (outcome == CommitOutcome.TableMoved)
            return AttemptFailure.Conflict(run.Row.Pipeline);
        // Whoever ended it tells it to stop a moment later.
        run.Stop();
        throw new OperationCanceledException(run.Stopping);
    }

    private StagedCommit? Stage(ActiveRun run, StrategyChoice choice, StagingTarget target, ExecutedResult result, DuckConnection connection)
    {
        if (result.RowCount == 0)
        {
            run.Log.Info("Zero rows, skipping write");
            return null;
        }

        if (choice.Warning is not null)
            run.Log.Warn(choice.Warning);
        foreach (var line in choice.Strategy.ReplacesTable ? [] : result.Columns.Changes)
            run.Log.Info(line);
        run.Log.Info($"{choice.Strategy.Verb} {result.RowCount} rows into {target.Name}");
        var staged = writer.Merge(connection, result, target, run.Stopping) is { } change ? staging.Change(target, change) : null;
        run.Log.Info(staged is null
            ? $"Write complete: nothing has changed, {target.Name} has {target.Base?.RowCount} rows"
            : $"Write complete: {target.Name} has {staged.State.RowCount} rows");
        return staged;
    }

    // What came in, or what the table has when the strategy looks at it (engine.md 4.3).
    private static long RowsWritten(ExecutedResult result, StagedCommit? staged, StagingTarget target) =>
        result.RowCount == 0 || !result.Strategy.IsStaged ? result.RowCount : (staged?.State ?? target.Base)?.RowCount ?? 0;

    private TableState? Current(ActiveRun run)
    {
        using var snapshot = database.OpenSnapshot();
        return tables.Find(snapshot.Connection, run.Row.Pipeline);
    }

    // Which files a run has read for good is part of its commit; moving them to the archive can come at any time after.
    private static ConsumedFiles? Consumed(ActiveRun run, LoadedPipeline pipeline, CompiledPipeline compiled) =>
        pipeline.Config is { ArchiveLandingZones: true }
            ? ConsumedFiles.Of(run.Id, run.Row.Pipeline, compiled.Zones, compiled.Sql.LandingFiles)
            : null;
}

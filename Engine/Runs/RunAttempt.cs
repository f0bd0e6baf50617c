using Rat.Engine.Catalog;
using Rat.Engine.Duck;
using Rat.Engine.Merging;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>
/// The phases of a run:
/// 0. stage: what is written stays invisible until the commit;
/// 1. detect and load source, configuration, tests;
/// 2. build: compile the template and execute it on one catalog state, straight into data files;
/// 3. write: prepare the table's next snapshot;
/// 4. quality tests on what was staged;
/// 5. resolve: one transaction makes the snapshot current and ends the run.
/// </summary>
internal sealed class RunAttempt(
    PipelineLoader loader, PipelineBuilder builder, LakeCatalog lake, RunCommit commit, TableLocks locks, DuckEngine duck)
{
    /// <summary>Null when the run was committed as a success, else why it failed with nothing committed.</summary>
    public async Task<Failure?> ExecuteAsync(ActiveRun run, PhaseClock clock)
    {
        clock.Enter(RunPhase.BranchCreation);
        var log = run.Log;
        log.Info($"Creating ephemeral branch 'run-{run.Id}'");
        run.Stopping.ThrowIfCancellationRequested();
        log.Info("Branch created");

        clock.Enter(RunPhase.ConfigLoading);
        var loading = await loader.LoadAsync(run);
        if (!loading.Succeeded)
            return loading.Failure;
        var pipeline = loading.Value;

        clock.Enter(RunPhase.BuildResult);
        using var held = await locks.AcquireAsync(run.Row.Pipeline, run.Stopping);
        var building = await builder.BuildAsync(run, pipeline);
        if (!building.Succeeded)
            return building.Failure;
        var built = building.Value;
        log.Info($"Query returned {built.RowCount} rows");

        clock.Enter(RunPhase.TableWrite);
        run.Stopping.ThrowIfCancellationRequested();
        PreparedCommit? prepared = null;
        if (built.Change is null)
        {
            log.Info("Query returned zero rows, skipping write");
        }
        else
        {
            log.Info($"Writing {built.RowCount} rows into {run.Row.Pipeline} ({built.Strategy})");
            prepared = lake.Prepare(built.Current, built.Change, run.Id);
            log.Info($"Write complete: {built.RowCount} rows");
        }

        clock.Enter(RunPhase.QualityTests);
        run.Stopping.ThrowIfCancellationRequested();
        log.Info("No quality tests found");

        clock.Enter(RunPhase.BranchResolution);
        return await commit.ExecuteAsync(run, built, prepared, clock);
    }
}

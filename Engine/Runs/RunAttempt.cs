using Rat.Storage;

namespace Rat.Engine.Runs;

/// <summary>Temporary.</summary>
internal sealed class RunAttempt(TimeProvider time)
{
    public Task<Failure?> ExecuteAsync(ActiveRun run, PhaseClock clock)
    {
        run.Log.Info($"{time.GetUtcNow()}");
        clock.Enter(RunPhase.BuildResult);
        return Task.FromResult<Failure?>(Failure.Unavailable("not yet"));
    }
}

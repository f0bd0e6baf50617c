using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Triggers;

/// <summary>What a call of a webhook has led to.</summary>
/// <param name="RunId">The run that it started; null during a cooldown.</param>
/// <param name="RetryAfterSeconds">How long the cooldown lasts, at least 1; 0 without one.</param>
internal sealed record WebhookAnswer(Guid? RunId, int RetryAfterSeconds);

/// <summary>Starts runs for whoever has a webhook's token.</summary>
internal sealed class Webhooks(MetadataDatabase database, WaitingRuns waiting, TimeProvider time)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    public async Task<Outcome<WebhookAnswer>> FireAsync(string token, CancellationToken cancellation)
    {
        var hash = WebhookToken.HashOf(token);
        RunRow? run = null;
        var answer = await database.WriteAsync<Outcome<WebhookAnswer>>(connection =>
        {
            // The index finds it by the hash's value; whether it is the one is decided in constant time.
            var trigger = TriggerStore.WaitingFor(connection, TriggerTypes.Webhook, hash).FirstOrDefault(found => WebhookToken.Equal(found.Subject!, hash));
            if (trigger is null)
                return Failure.NotFound("not found");
            var now = Timestamps.ToMicroseconds(time.GetUtcNow());
            run = TriggerFiring.TryFire(connection, trigger, now);
            return run is null
                ? new WebhookAnswer(null, (int)Math.Clamp(Math.Ceiling(TriggerClock.CooldownLeft(trigger, now) / MicrosecondsPerSecond), 1, int.MaxValue))
                : new WebhookAnswer(run.Id, 0);
        }, cancellation);
        if (run is not null)
            waiting.Add(run);
        return answer;
    }
}

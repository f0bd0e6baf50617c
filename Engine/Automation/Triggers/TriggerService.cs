using Microsoft.Data.Sqlite;
using Rat.Engine.Automation.Clock;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Triggers;

/// <summary>A trigger that was made.</summary>
/// <param name="Token">Of a webhook: told once, only its hash is kept.</param>
internal sealed record CreatedTrigger(TriggerRow Trigger, string? Token);

/// <summary>Makes, changes and removes the triggers of pipelines.</summary>
internal sealed class TriggerService(MetadataDatabase database, IAlarm alarm, TimeProvider time)
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = TriggerStore.Listed | PipelineStore.Listed;

    private static Failure NoPipeline => Failure.NotFound("pipeline not found");

    private static Failure Missing => Failure.NotFound("trigger not found");

    public Outcome<IReadOnlyList<TriggerRow>> List(TableName pipeline) => database.Read<Outcome<IReadOnlyList<TriggerRow>>>(connection =>
        PipelineStore.Find(connection, pipeline) is { } found
            ? new List<TriggerRow>(TriggerStore.OfPipeline(connection, found.Id))
            : NoPipeline);

    /// <param name="id">Null when what was sent is no id.</param>
    public Outcome<TriggerRow> Find(TableName pipeline, Guid? id) => database.Read(connection => Find(connection, pipeline, id));

    /// <param name="type">One of <see cref="TriggerTypes.All"/>.</param>
    public async Task<Outcome<CreatedTrigger>> CreateAsync(
        TableName pipeline, string type, TriggerConfig? sent, bool enabled, int cooldownSeconds, CancellationToken cancellation)
    {
        var config = TriggerConfigCheck.Check(type, sent);
        if (!config.Succeeded)
            return config.Failure;
        var token = type == TriggerTypes.Webhook ? WebhookToken.New() : null;
        var settings = token is null ? config.Value : new TriggerConfig { TokenHash = WebhookToken.HashOf(token) };

        var created = await database.WriteAsync<Outcome<CreatedTrigger>>(connection =>
        {
            if (PipelineStore.Find(connection, pipeline) is not { } found)
                return NoPipeline;
            if (TriggerReferences.Check(connection, pipeline, type, settings, changed: null) is { } failure)
                return failure;
            var now = Timestamps.ToMicroseconds(time.GetUtcNow());
            var row = new TriggerRow(
                Guid.NewGuid(), found.Id, found.Name, type, settings.ToJson(), settings.SubjectOf(type), enabled, cooldownSeconds, null, null, now, null, now, now);
            row = row with { NextDueAt = TriggerClock.NextDue(row) };
            TriggerStore.Insert(connection, row);
            TriggerDependencyStore.Replace(connection, row.Id, settings.DependencyNames(), since: null);
            return new CreatedTrigger(row, token);
        }, cancellation);
        alarm.Wake();
        return created;
    }

    /// <summary>Changes what isn't null; a configuration is replaced as a whole. A new expression, or being enabled again, counts from now.</summary>
    public async Task<Outcome<TriggerRow>> UpdateAsync(TableName pipeline, Guid? id, TriggerConfig? sent, bool? enabled, int? cooldownSeconds)
    {
        var updated = await database.WriteAsync<Outcome<TriggerRow>>(connection =>
        {
            var found = Find(connection, pipeline, id);
            if (!found.Succeeded)
                return found;
            var row = found.Value;
            var (before, config) = (TriggerConfig.Parse(row.Config), Changed(connection, row, sent));
            if (!config.Succeeded)
                return config.Failure;

            var now = Timestamps.ToMicroseconds(time.GetUtcNow());
            var changed = row with
            {
                Config = config.Value.ToJson(),
                Subject = config.Value.SubjectOf(row.Type),
                Enabled = enabled ?? row.Enabled,
                CooldownSeconds = cooldownSeconds ?? row.CooldownSeconds,
            };
            if (config.Value.CronExpr != before.CronExpr || (changed.Enabled && !row.Enabled))
                changed = changed with { CountedFrom = now };
            TriggerStore.Update(connection, changed with { NextDueAt = TriggerClock.NextDue(changed) }, now);
            if (sent is not null)
                TriggerDependencyStore.Replace(connection, row.Id, config.Value.DependencyNames(), row.LastTriggeredAt);
            return Find(connection, pipeline, id);
        });
        alarm.Wake();
        return updated;
    }

    public Task<Outcome<bool>> DeleteAsync(TableName pipeline, Guid? id) => database.WriteAsync<Outcome<bool>>(connection =>
    {
        var found = Find(connection, pipeline, id);
        if (!found.Succeeded)
            return found.Failure;
        TriggerStore.Delete(connection, found.Value.Id);
        return true;
    });

    private static Outcome<TriggerConfig> Changed(SqliteConnection connection, TriggerRow row, TriggerConfig? sent)
    {
        if (sent is null)
            return TriggerConfig.Parse(row.Config);
        if (row.Type == TriggerTypes.Webhook)
            return Failure.Invalid("config of a webhook trigger can't be changed");
        var config = TriggerConfigCheck.Check(row.Type, sent);
        if (!config.Succeeded)
            return config;
        return TriggerReferences.Check(connection, row.Pipeline, row.Type, config.Value, row.Id) is { } failure ? failure : config;
    }

    private static Outcome<TriggerRow> Find(SqliteConnection connection, TableName pipeline, Guid? id)
    {
        if (PipelineStore.Find(connection, pipeline) is not { } found)
            return NoPipeline;
        return id is { } known && TriggerStore.Find(connection, found.Id, known) is { } trigger ? trigger : Missing;
    }
}

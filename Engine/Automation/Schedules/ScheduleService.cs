using Rat.Engine.Automation.Clock;
using Rat.Engine.Automation.Cron;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Schedules;

/// <summary>Makes, changes and removes schedules.</summary>
internal sealed class ScheduleService(MetadataDatabase database, IAlarm alarm, TimeProvider time)
{
    private static Failure Missing => Failure.NotFound("schedule not found");

    public async Task<Outcome<ScheduleRow>> CreateAsync(TableName pipeline, string cron, bool enabled, CancellationToken cancellation)
    {
        var parsed = CronSchedule.Parse(cron);
        if (!parsed.Succeeded)
            return parsed.Failure;
        var created = await database.WriteAsync<Outcome<ScheduleRow>>(connection =>
        {
            if (PipelineStore.Find(connection, pipeline) is not { } found)
                return Failure.NotFound("pipeline not found");
            var now = Timestamps.ToMicroseconds(time.GetUtcNow());
            var row = new ScheduleRow(
                Guid.NewGuid(), found.Id, found.Name, cron, enabled, null, null, ScheduleFiring.Next(parsed.Value, now), now, now);
            ScheduleStore.Insert(connection, row);
            return row;
        }, cancellation);
        alarm.Wake();
        return created;
    }

    /// <summary>Changes what isn't null. A new expression, or being enabled again, counts the next due time from now.</summary>
    public async Task<Outcome<ScheduleRow>> UpdateAsync(Guid id, string? cron, bool? enabled)
    {
        var updated = await database.WriteAsync<Outcome<ScheduleRow>>(connection =>
        {
            if (ScheduleStore.Find(connection, id) is not { } row)
                return Missing;
            var changed = row with { Cron = cron ?? row.Cron, Enabled = enabled ?? row.Enabled };
            var parsed = CronSchedule.Parse(changed.Cron);
            if (!parsed.Succeeded)
                return parsed.Failure;
            var now = Timestamps.ToMicroseconds(time.GetUtcNow());
            ScheduleStore.Update(connection, changed, now);
            if (changed.Cron != row.Cron || (changed.Enabled && !row.Enabled))
                ScheduleStore.SetNext(connection, id, now, ScheduleFiring.Next(parsed.Value, now));
            return ScheduleStore.Find(connection, id)!;
        });
        alarm.Wake();
        return updated;
    }

    public Task<Outcome<bool>> DeleteAsync(Guid id) => database.WriteAsync<Outcome<bool>>(connection =>
    {
        if (ScheduleStore.Find(connection, id) is null)
            return Missing;
        ScheduleStore.Delete(connection, id);
        return true;
    });
}

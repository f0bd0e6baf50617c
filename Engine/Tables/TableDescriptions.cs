using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Tables;

/// <summary>What people write about tables.</summary>
internal sealed class TableDescriptions(MetadataDatabase database, LakeTables tables, TimeProvider time)
{
    /// <summary>Changes what <paramref name="change"/> changes; a table without a description begins with an empty one.</summary>
    public async Task<Outcome<TableDescriptionRow>> UpdateAsync(TableName name, Func<TableDescriptionRow, TableDescriptionRow> change)
    {
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        return await database.WriteAsync<Outcome<TableDescriptionRow>>(connection =>
        {
            if (tables.Find(connection, name) is null)
                return Failure.NotFound("table not found");
            var row = TableDescriptionStore.Find(connection, name)
                ?? new TableDescriptionRow(Guid.NewGuid(), name, "", Owner: null, new Dictionary<string, string>(), now, now);
            // Later than the last time even if the clock isn't.
            var changed = change(row) with { UpdatedAt = row.CreatedAt == now ? now : Math.Max(now, row.UpdatedAt + 1) };
            TableDescriptionStore.Upsert(connection, changed);
            return changed;
        });
    }
}

using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Engine.Observation;

/// <summary>Remembers who asked for what. Nobody waits for it, and nothing fails because of it.</summary>
internal sealed class AuditTrail(MetadataDatabase database, TimeProvider time, ILogger<AuditTrail> logger)
{
    /// <summary>Who asks without being known.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = AuditStore.Listed;

    // Recorded and not written yet.
    private int _waiting;

    /// <summary>Records a request before it is carried out: what it changes is never durable before this entry is.</summary>
    /// <param name="action"><c>post</c>, <c>put</c> or <c>delete</c>.</param>
    public void Record(string user, string action, string resource, string address)
    {
        var row = new AuditRow(Guid.NewGuid(), user, action, resource, address, Timestamps.ToMicroseconds(time.GetUtcNow()));
        Interlocked.Increment(ref _waiting);
        _ = WriteAsync(row);
    }

    /// <summary>One page, newest first, and how many entries there are.</summary>
    public (IReadOnlyList<AuditRow> Entries, long Total) List(int limit, int offset) =>
        database.Read(connection => AuditStore.List(connection, limit, offset));

    /// <summary>Ends once everything that was recorded before the call is written.</summary>
    public Task WrittenAsync(CancellationToken cancellation) =>
        // Writes nothing: what was recorded is then written before it.
        Volatile.Read(ref _waiting) == 0 ? Task.CompletedTask : database.WriteAsync(_ => true, cancellation);

    private async Task WriteAsync(AuditRow row)
    {
        try
        {
            await database.RideAsync(connection =>
            {
                AuditStore.Insert(connection, row);
                return true;
            });
        }
        catch (SqliteException exception)
        {
            logger.AuditNotWritten(exception, row.Action, row.Resource);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}

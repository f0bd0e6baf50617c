using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Triggers;

/// <summary>Circles of pipeline_success triggers, which would run for ever (DECISIONS 18). Disabled ones count.</summary>
internal static class TriggerCycles
{
    /// <summary>The circle that a trigger of <paramref name="pipeline"/> on the success of <paramref name="upstream"/> would close, such as
    /// <c>a → b → a</c>; null when it closes none.</summary>
    /// <param name="except">The trigger that is being changed.</param>
    public static string? Find(SqliteConnection connection, TableName upstream, TableName pipeline, Guid? except)
    {
        var starts = TriggerStore.OfType(connection, TriggerTypes.PipelineSuccess)
            .Where(trigger => trigger.Id != except)
            .ToLookup(trigger => trigger.Subject!, trigger => trigger.Pipeline.ToString());

        // From the pipeline along what its success starts: when that leads to the upstream, the circle is closed.
        var (first, goal) = (pipeline.ToString(), upstream.ToString());
        var cameFrom = new Dictionary<string, string?> { [first] = null };
        var waiting = new Queue<string>([first]);
        while (waiting.TryDequeue(out var at))
        {
            if (at == goal)
                return Describe(at, cameFrom);
            foreach (var next in starts[at])
            {
                if (cameFrom.TryAdd(next, at))
                    waiting.Enqueue(next);
            }
        }

        return null;
    }

    private static string Describe(string last, Dictionary<string, string?> cameFrom)
    {
        var way = new List<string>();
        for (var at = last; at is not null; at = cameFrom[at])
            way.Add(at);
        way.Add(last);
        way.Reverse();
        return string.Join(" → ", way);
    }
}

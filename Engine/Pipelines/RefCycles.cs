using Rat.Engine.Pipelines.Templates;
using Rat.Storage;

namespace Rat.Engine.Pipelines;

/// <summary>
/// Cycles of <c>ref</c> between pipelines. Such a pipeline could never be brought up to date; one that reads its own previous state uses
/// <c>this</c>.
/// </summary>
internal static class RefCycles
{
    /// <summary>
    /// The shortest cycle through a pipeline, such as <c>a.silver.x -> a.gold.y -> a.silver.x</c>; null if there is none. Only pipelines that
    /// can be reached from it are looked at, each once.
    /// </summary>
    /// <param name="sourceOf">The SQL template of a pipeline; null for a table that no pipeline writes.</param>
    public static string? Find(TableName pipeline, Func<TableName, string?> sourceOf) =>
        FindAmong(pipeline, table => sourceOf(table) is { } source ? SourceReferences.TemplateRefs(source) : []);

    /// <summary>Like <see cref="Find"/>, where sources may be of different kinds or their references known.</summary>
    /// <param name="refsOf">What a pipeline refers to, as <see cref="SourceReferences"/> finds it.</param>
    public static string? FindAmong(TableName pipeline, Func<TableName, IReadOnlyList<string>> refsOf)
    {
        var reader = new Dictionary<TableName, TableName>();
        var waiting = new Queue<TableName>([pipeline]);
        while (waiting.TryDequeue(out var current))
        {
            foreach (var text in refsOf(current))
            {
                var table = RefName.Parse(text, current.Namespace);
                if (!table.Succeeded)
                    continue;
                if (table.Value == pipeline)
                    return Describe(pipeline, current, reader);
                if (reader.TryAdd(table.Value, current))
                    waiting.Enqueue(table.Value);
            }
        }

        return null;
    }

    private static string Describe(TableName pipeline, TableName last, Dictionary<TableName, TableName> reader)
    {
        var path = new List<TableName> { pipeline };
        for (var table = last; table != pipeline; table = reader[table])
            path.Add(table);
        path.Add(pipeline);
        path.Reverse();
        return string.Join(" -> ", path);
    }
}

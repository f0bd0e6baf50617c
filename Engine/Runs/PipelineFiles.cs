using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Runs;

/// <summary>The files of a pipeline that a run executes: the pinned versions once it was published, else HEAD.</summary>
internal sealed class PipelineFiles(UserFiles files, PipelineRow pipeline)
{
    private const int LargestSource = 4 * 1024 * 1024;

    private readonly string _prefix = $"{pipeline.Name.Namespace}/pipelines/{pipeline.Name.Layer}/{pipeline.Name.Name}/";

    /// <summary>A published map decides alone: a key that is not in it doesn't exist for the run (DECISIONS 1).</summary>
    public bool Published => pipeline.PublishedVersions.Count > 0;

    public string Key(string name) => _prefix + name;

    /// <summary>The text of a file below the pipeline's folder, or null when there is none.</summary>
    public async Task<Outcome<string?>> ReadAsync(string name, CancellationToken cancellation)
    {
        var key = Key(name);
        string? version = null;
        if (Published && !pipeline.PublishedVersions.TryGetValue(key, out version))
            return (string?)null;

        await using var content = await files.OpenAsync(key, version, cancellation);
        if (content is null)
            return (string?)null;
        if (content.Version.SizeBytes > LargestSource)
            return Failure.Invalid($"{key} is {content.Version.SizeBytes} bytes; a source file may have {LargestSource}");
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync(cancellation);
    }

    /// <summary>Names of the quality tests that gate a run, sorted.</summary>
    public IReadOnlyList<string> QualityTests(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        var folder = Key("tests/quality/");
        var keys = Published
            ? pipeline.PublishedVersions.Keys
            : UserFileStore.List(connection, folder).Select(file => file.Key);
        return [.. keys.Where(key => key.StartsWith(folder, StringComparison.Ordinal) && key.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }
}

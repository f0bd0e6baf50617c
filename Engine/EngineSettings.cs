using Rat.Engine.Notifications;

namespace Rat.Engine;

/// <summary>Settings of the engine, already checked.</summary>
internal sealed record EngineSettings
{
    /// <summary>The bucket's name in virtual addresses <c>s3://{bucket}/{key}</c>; <c>rat</c> is accepted besides it.</summary>
    public string Bucket { get; init; } = "rat";

    /// <summary>The names by which the bucket may be addressed.</summary>
    public IReadOnlyList<string> Buckets => Bucket == "rat" ? ["rat"] : [Bucket, "rat"];

    /// <summary>Runs that execute at once.</summary>
    public int MaxConcurrentRuns { get; init; } = 10;

    /// <summary>False: nothing starts by itself, neither at times nor after events, and nothing is cleaned up.</summary>
    public bool BackgroundWork { get; init; } = true;

    public NotificationSettings Notifications { get; init; } = new();

    /// <summary>Time limit of a query and a table preview.</summary>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time limit of one quality test.</summary>
    public TimeSpan QualityTestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>DuckDB's memory for runs in bytes, queries get half of it; null takes the default of the machine.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>A data file below this size that loses rows is written again instead of getting position deletes.</summary>
    public long SmallFileBytes { get; init; } = 1 << 20;

    /// <summary>False: maintenance doesn't write files again; expired files and orphans still go.</summary>
    public bool Compaction { get; init; } = true;

    /// <summary>DuckDB's threads. More than there are cores cost time: an aggregate of some milliseconds takes a third longer.</summary>
    public int Threads { get; init; } = Math.Min(4, Environment.ProcessorCount);
}

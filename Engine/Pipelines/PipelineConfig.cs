namespace Rat.Engine.Pipelines;

/// <summary>The settings of a pipeline, from its config.yaml and the annotations of its source.</summary>
internal sealed record PipelineConfig
{
    public string Description { get; init; } = "";

    /// <summary><c>table</c> or <c>view</c>; without effect, it is always a table.</summary>
    public string Materialized { get; init; } = "table";

    public MergeStrategy Strategy { get; init; } = MergeStrategy.FullRefresh;

    public IReadOnlyList<string> UniqueKey { get; init; } = [];

    /// <summary>Null if there is none.</summary>
    public string? WatermarkColumn { get; init; }

    /// <summary>Null if there is none.</summary>
    public string? PartitionColumn { get; init; }

    public IReadOnlyList<PartitionField> PartitionBy { get; init; } = [];

    public string ScdValidFrom { get; init; } = "valid_from";

    public string ScdValidTo { get; init; } = "valid_to";

    public bool ArchiveLandingZones { get; init; }

    /// <summary>Not negative.</summary>
    public int MaxRetries { get; init; }

    /// <summary>Not negative.</summary>
    public int RetryDelaySeconds { get; init; } = 30;

    /// <summary>Values of keys that mean nothing to the platform, as text: Python pipelines can read them.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();

    /// <summary>What the author should know, for the run's log: one line each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>One column that the files of a table are partitioned by.</summary>
internal sealed record PartitionField(string Column, PartitionTransform Transform);

/// <summary>What is made of a column's value to partition by it.</summary>
internal enum PartitionTransform
{
    Identity,
    Year,
    Month,
    Day,
    Hour,
}

using System.Globalization;
using Rat.Storage;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>What a template sees. Functions are asked when the template prints or uses their value, never before.</summary>
internal sealed record TemplateContext
{
    /// <summary>Takes the raw text of <c>ref('…')</c> and gives the SQL expression to write after FROM.</summary>
    public required Func<string, Outcome<string>> Ref { get; init; }

    /// <summary>Takes the raw texts of <c>ref('…', at='…')</c>; a number is given as its digits.</summary>
    public Func<string, string, Outcome<string>> RefAt { get; init; } = (_, _) => Failure.Invalid("at is not available here");

    /// <summary>Takes the name of a zone and gives the address to write inside an SQL string.</summary>
    public required Func<string, Outcome<string>> LandingZone { get; init; }

    /// <summary>The SQL expression of the pipeline's own table. Asked at most once.</summary>
    public required Func<Outcome<string>> This { get; init; }

    /// <summary>In quality tests, the table as it was before the run; the variable <c>previous</c> exists only if this is set.</summary>
    public Func<Outcome<string>>? Previous { get; init; }

    /// <summary>UTC, such as <c>2026-02-16T09:30:00.123456+00:00</c>: one value per run.</summary>
    public required string RunStartedAt { get; init; }

    /// <summary>Null is the template's <c>None</c>.</summary>
    public string? WatermarkValue { get; init; }

    /// <summary>Null without a configuration: each <c>is_…()</c> is false then.</summary>
    public MergeStrategy? Strategy { get; init; }

    /// <summary>The target table exists and has a row, without which <c>is_incremental()</c> is false.</summary>
    public bool TargetHasRows { get; init; }

    /// <summary>A time in the form of <see cref="RunStartedAt"/>.</summary>
    public static string TimeText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Rat.Storage;
using YamlDotNet.RepresentationModel;

namespace Rat.Engine.Pipelines;

/// <summary>What a config.yaml says, with the defaults in place of what it leaves out.</summary>
internal sealed record ConfigFileContent(PipelineConfig Config);

/// <summary>Reads a config.yaml. A file that isn't a mapping says nothing, and a key without a value counts as left out.</summary>
internal static class ConfigFile
{
    private const StringSplitOptions NameList = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    /// <summary>A failure names the line, the key and the value.</summary>
    public static Outcome<ConfigFileContent> Parse(string yaml)
    {
        var root = ConfigYaml.Read(yaml);
        if (!root.Succeeded)
            return root.Failure;
        var config = new PipelineConfig();
        var custom = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var warnings = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in root.Value)
        {
            if (ConfigYaml.IsNull(value))
                continue;
            var applied = Apply(config, key, value);
            if (!applied.Succeeded)
                return ConfigYaml.At(value, applied.Failure.Message);
            if (applied.Value is not null)
            {
                config = applied.Value;
                continue;
            }

            warnings.Add($"config.yaml: unknown key '{key}' ignored");
            if (value is YamlScalarNode { Value: { } text })
                custom[key] = text;
        }

        return new ConfigFileContent(config with { Custom = custom, Warnings = [.. warnings] });
    }

    /// <summary>A number of retries or seconds; null if the text is none.</summary>
    public static int? ParseCount(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;

    public static IReadOnlyList<string> ParseNames(string text) => text.Split(',', NameList);

    /// <summary>The settings with one more; a null value for a key that is unknown.</summary>
    private static Outcome<PipelineConfig?> Apply(PipelineConfig config, string key, YamlNode value) => key switch
    {
        "description" => OfText(key, value, text => config with { Description = text }),
        "materialized" => OfText(key, value, text => text is "table" or "view"
            ? config with { Materialized = text }
            : Failure.Invalid($"invalid materialized '{text}': expected table or view")),
        "merge_strategy" => OfText(key, value, text => MergeStrategyNames.Parse(text) is { } strategy
            ? config with { Strategy = strategy }
            : Failure.Invalid(MergeStrategyNames.Invalid(text))),
        "unique_key" => config with { UniqueKey = Names(value) },
        "watermark_column" => OfText(key, value, text => config with { WatermarkColumn = text }),
        "partition_column" => OfText(key, value, text => config with { PartitionColumn = text }),
        "partition_by" => PartitionFields(value) is var fields && fields.Succeeded
            ? config with { PartitionBy = fields.Value }
            : fields.Failure,
        "scd_valid_from" => OfText(key, value, text => config with { ScdValidFrom = text }),
        "scd_valid_to" => OfText(key, value, text => config with { ScdValidTo = text }),
        "archive_landing_zones" => config with { ArchiveLandingZones = ConfigYaml.IsTrue(value) },
        "max_retries" => OfCount(key, value, count => config with { MaxRetries = count }),
        "retry_delay_seconds" => OfCount(key, value, count => config with { RetryDelaySeconds = count }),
        _ => (PipelineConfig?)null,
    };

    private static Outcome<PipelineConfig?> OfText(string key, YamlNode value, Func<string, Outcome<PipelineConfig?>> apply) =>
        value is YamlScalarNode { Value: { } text } ? apply(text) : Failure.Invalid($"{key} must be a text");

    private static Outcome<PipelineConfig?> OfCount(string key, YamlNode value, Func<int, PipelineConfig> apply)
    {
        var text = (value as YamlScalarNode)?.Value;
        return text is not null && ParseCount(text) is { } count
            ? apply(count)
            : Failure.Invalid($"{key} must be an integer of 0 or more, got '{text ?? value.ToString()}'");
    }

    /// <summary>A list, or a text with commas; nothing for what is neither.</summary>
    private static IReadOnlyList<string> Names(YamlNode value) => value switch
    {
        YamlScalarNode { Value: { } text } => ParseNames(text),
        YamlSequenceNode list => [.. list.OfType<YamlScalarNode>().Where(item => !ConfigYaml.IsNull(item)).Select(item => item.Value!)],
        _ => [],
    };

    private static Outcome<IReadOnlyList<PartitionField>> PartitionFields(YamlNode value)
    {
        if (value is not YamlSequenceNode list)
            return Failure.Invalid("partition_by must be a list of columns with transforms");
        var fields = new List<PartitionField>();
        foreach (var (index, entry) in list.Index())
        {
            if (entry is not YamlMappingNode mapping)
                return Failure.Invalid($"partition_by[{index}] must be a mapping with column and transform");
            if (Text(mapping, "column") is not { Length: > 0 } column)
                return Failure.Invalid($"partition_by[{index}] has no column");
            var name = Text(mapping, "transform") ?? "identity";
            if (Transform(name) is not { } transform)
                return Failure.Invalid($"partition_by[{index}]: unknown transform '{name}': expected day, hour, identity, month or year");
            fields.Add(new PartitionField(column, transform));
        }

        return fields;
    }

    private static string? Text(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out var value) && !ConfigYaml.IsNull(value)
            ? (value as YamlScalarNode)?.Value ?? value.ToString()
            : null;

    private static PartitionTransform? Transform(string name) => name switch
    {
        "identity" => PartitionTransform.Identity,
        "year" => PartitionTransform.Year,
        "month" => PartitionTransform.Month,
        "day" => PartitionTransform.Day,
        "hour" => PartitionTransform.Hour,
        _ => null,
    };
}

using Rat.Engine.Pipelines;

namespace Rat.Tests.Templates;

/// <summary>config.yaml and its merge with annotations (engine §3.2 to §3.4 and §10, rows 9 to 22).</summary>
public class ConfigFileTests
{
    private const string Strategies = "append_only, delete_insert, full_refresh, incremental, scd2, snapshot";

    [Theory]
    [InlineData("")]
    [InlineData("just a text")]
    [InlineData("- a\n- b")]
    [InlineData("42")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("description:\nmaterialized: ~\nmerge_strategy: null\nunique_key:\nwatermark_column:\npartition_by: Null\nmax_retries:\nscd_valid_to:\n")]
    public void What_says_nothing_gives_the_defaults(string yaml)
    {
        var config = ConfigFile.Parse(yaml).Value.Config;
        Assert.Empty(config.UniqueKey);
        Assert.Empty(config.PartitionBy);
        Assert.Empty(config.Warnings);
        Assert.Equal(("", "table", MergeStrategy.FullRefresh), (config.Description, config.Materialized, config.Strategy));
        Assert.Equal((null, null, "valid_from", "valid_to"), (config.WatermarkColumn, config.PartitionColumn, config.ScdValidFrom, config.ScdValidTo));
        Assert.Equal((false, 0, 30), (config.ArchiveLandingZones, config.MaxRetries, config.RetryDelaySeconds));
    }

    [Fact]
    public void Every_key_is_read()
    {
        var config = ConfigFile.Parse("""
            description: "All: of it"
            materialized: view
            merge_strategy: snapshot
            unique_key: [id, "second key"]
            watermark_column: updated_at
            partition_column: day
            partition_by:
              - column: at
                transform: month
              - {column: region}
            scd_valid_from: since
            scd_valid_to: until
            archive_landing_zones: yes
            max_retries: 2
            retry_delay_seconds: 0
            """).Value.Config;
        Assert.Equal(("All: of it", "view", MergeStrategy.Snapshot), (config.Description, config.Materialized, config.Strategy));
        Assert.Equal(["id", "second key"], config.UniqueKey);
        Assert.Equal(("updated_at", "day"), (config.WatermarkColumn, config.PartitionColumn));
        Assert.Equal([new("at", PartitionTransform.Month), new("region", PartitionTransform.Identity)], config.PartitionBy);
        Assert.Equal(("since", "until"), (config.ScdValidFrom, config.ScdValidTo));
        Assert.Equal((true, 2, 0), (config.ArchiveLandingZones, config.MaxRetries, config.RetryDelaySeconds));
        Assert.Empty(config.Warnings);
    }

    [Theory]
    [InlineData("unique_key: [id, updated_at]", "id|updated_at")]
    [InlineData("unique_key: id, updated_at", "id|updated_at")]
    [InlineData("unique_key: ' id ,, b'", "id|b")]
    [InlineData("unique_key: [1, yes, ~, 2.0]", "1|yes|2.0")]
    [InlineData("unique_key: {a: 1}", "")]
    [InlineData("keys: &k [x, y]\nunique_key: *k", "x|y")]
    public void Unique_keys(string yaml, string expected) =>
        Assert.Equal(expected, string.Join('|', ConfigFile.Parse(yaml).Value.Config.UniqueKey));

    [Theory]
    [InlineData("true", true)]
    [InlineData("TRUE", true)]
    [InlineData("tRUE", true)]
    [InlineData("'true'", true)]
    [InlineData("yes", true)]
    [InlineData("On", true)]
    [InlineData("'yes'", false)]
    [InlineData("1", false)]
    [InlineData("no", false)]
    [InlineData("[true]", false)]
    public void Archive_follows_YAML_1_1(string value, bool expected) =>
        Assert.Equal(expected, ConfigFile.Parse($"archive_landing_zones: {value}").Value.Config.ArchiveLandingZones);

    [Fact]
    public void Unknown_keys_are_warned_of_and_kept()
    {
        var config = ConfigFile.Parse("zebra: 1\ndescription: d\naardvark: [x]\n<<: {max_retries: 5}").Value.Config;
        Assert.Equal(
            ["config.yaml: unknown key '<<' ignored", "config.yaml: unknown key 'aardvark' ignored", "config.yaml: unknown key 'zebra' ignored"],
            config.Warnings);
        Assert.Equal(("d", 0), (config.Description, config.MaxRetries));
        Assert.Equal([new("zebra", "1")], config.Custom);
    }

    [Theory]
    [InlineData("merge_strategy: upsert", "line 1, column 17: invalid merge_strategy 'upsert': expected one of " + Strategies)]
    [InlineData("merge_strategy: Incremental", "line 1, column 17: invalid merge_strategy 'Incremental': expected one of " + Strategies)]
    [InlineData("a: 1\nmaterialized: ephemeral", "line 2, column 15: invalid materialized 'ephemeral': expected table or view")]
    [InlineData("partition_by: day", "line 1, column 15: partition_by must be a list of columns with transforms")]
    [InlineData("partition_by: [day]", "line 1, column 15: partition_by[0] must be a mapping with column and transform")]
    [InlineData("partition_by: [{column: a}, {transform: day}]", "line 1, column 15: partition_by[1] has no column")]
    [InlineData("partition_by: [{column: ~}]", "line 1, column 15: partition_by[0] has no column")]
    [InlineData(
        "partition_by:\n- {column: a, transform: 'bucket[16]'}",
        "line 2, column 1: partition_by[0]: unknown transform 'bucket[16]': expected day, hour, identity, month or year")]
    [InlineData("max_retries: -1", "line 1, column 14: max_retries must be an integer of 0 or more, got '-1'")]
    [InlineData("max_retries: abc", "line 1, column 14: max_retries must be an integer of 0 or more, got 'abc'")]
    [InlineData("retry_delay_seconds: 1.5", "line 1, column 22: retry_delay_seconds must be an integer of 0 or more, got '1.5'")]
    [InlineData("max_retries: 99999999999", "line 1, column 14: max_retries must be an integer of 0 or more, got '99999999999'")]
    [InlineData("watermark_column: [a]", "line 1, column 19: watermark_column must be a text")]
    public void Wrong_values_are_named(string yaml, string expected) =>
        Assert.Equal("config.yaml " + expected, ConfigFile.Parse(yaml).Failure?.Message);

    [Theory]
    [InlineData("a: [1\nb: 2")]
    [InlineData("a: 'open")]
    [InlineData("a: b: c")]
    [InlineData("\ta: 1")]
    [InlineData("a: 1\na: 2")]
    [InlineData("a: *nope")]
    [InlineData("? [a]\n: 1")]
    [InlineData("? {a: 1}\n: 1")]
    [InlineData("a: 1\n---\nb: 2")]
    [InlineData("&a [*a]")]
    [InlineData("a: {b: 1, b: 2}")]
    [InlineData("@")]
    [InlineData("%YAML 9")]
    [InlineData("a: !!binary")]
    [InlineData("k: &k x\n*k : 1")]
    public void Malformed_or_unsupported_YAML_is_a_failure_or_the_defaults(string yaml)
    {
        var parsed = ConfigFile.Parse(yaml);
        if (!parsed.Succeeded)
            Assert.StartsWith("config.yaml", parsed.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: 1\na: 2", "config.yaml line 2, column 1: ")]
    [InlineData("x: y\n? [a]\n: 1", "config.yaml line 2, column 3: a key must be a plain text")]
    [InlineData("k: &k x\n*k : 1", "config.yaml line 2, column 1: a key must be a plain text")]
    [InlineData("a: 1\n---\nb: 2", "config.yaml line 2, column 1: only one document is allowed")]
    [InlineData("a: [1\nb: 2", "config.yaml")]
    public void Messages_of_unsupported_YAML(string yaml, string start) =>
        Assert.StartsWith(start, ConfigFile.Parse(yaml).Failure?.Message, StringComparison.Ordinal);

    [Fact]
    public void Hostile_YAML_is_refused_at_once()
    {
        var more = Enumerable.Range(1, 60).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");
        var aliases = "a0: &a0 [x, x]\n" + string.Concat(more);
        Assert.Equal(61, ConfigFile.Parse(aliases).Value.Config.Warnings.Count);
        Assert.Contains("a key must be a plain text", ConfigFile.Parse(aliases + "? *a60\n: 1").Failure?.Message, StringComparison.Ordinal);
        string[] deep =
        [
            "a: " + new string('[', 200_000), "a: " + string.Concat(Enumerable.Repeat("{a: ", 100_000)),
            string.Concat(Enumerable.Range(0, 300).Select(i => new string(' ', i) + "a:\n")),
        ];
        Assert.All(deep, yaml => Assert.Contains("levels are nested", ConfigFile.Parse(yaml).Failure?.Message, StringComparison.Ordinal));
        Assert.Contains("longer than", ConfigFile.Parse(new string('a', 2_000_000)).Failure?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("merge_strategy: full_refresh\ndescription: d", "merge_strategy=incremental", "incremental|d|")]
    [InlineData("unique_key: [id]", "description=x", "full_refresh|x|id")]
    [InlineData(null, "unique_key=id, updated_at", "full_refresh||id,updated_at")]
    [InlineData("unique_key: [id]", "unique_key= , ", "full_refresh||id")]
    [InlineData("unique_key: [id]", "", "full_refresh||id")]
    [InlineData(null, "", null)]
    public void Annotations_override_the_file(string? yaml, string annotations, string? expected)
    {
        var config = Merge(yaml, annotations);
        Assert.Equal(expected, config is null ? null : $"{config.Strategy.ToText()}|{config.Description}|{string.Join(',', config.UniqueKey)}");
    }

    [Theory]
    [InlineData("TRUE", true)]
    [InlineData("true", true)]
    [InlineData("yes", false)]
    [InlineData("1", false)]
    public void Archive_as_annotation_is_true_only(string value, bool expected) =>
        Assert.Equal(expected, Merge(null, $"archive_landing_zones={value}")?.ArchiveLandingZones);

    [Fact]
    public void Every_annotation_is_read()
    {
        var config = Merge(
            "partition_by: [{column: a}]\nmystery: 1",
            "description=d|materialized=anything|merge_strategy=delete_insert|watermark_column=w|partition_column=p|scd_valid_from=f"
            + "|scd_valid_to=t|max_retries=3|retry_delay_seconds=7|severity=warn|partition_by=x")!;
        Assert.Equal(("d", "anything", MergeStrategy.DeleteInsert), (config.Description, config.Materialized, config.Strategy));
        Assert.Equal(("w", "p", "f", "t"), (config.WatermarkColumn, config.PartitionColumn, config.ScdValidFrom, config.ScdValidTo));
        Assert.Equal((3, 7), (config.MaxRetries, config.RetryDelaySeconds));
        Assert.Equal([new("a", PartitionTransform.Identity)], config.PartitionBy);
        Assert.Equal(
            [
                "config.yaml: unknown key 'mystery' ignored", "annotation @partition_by ignored: it is read from config.yaml only",
                "unknown annotation @severity ignored",
            ], config.Warnings);
        Assert.Equal([new("mystery", "1"), new("severity", "warn")], config.Custom);
    }

    [Theory]
    [InlineData("merge_strategy=upsert", "annotation @merge_strategy: invalid merge_strategy 'upsert': expected one of " + Strategies)]
    [InlineData("max_retries=many", "annotation @max_retries must be an integer of 0 or more, got 'many'")]
    [InlineData("retry_delay_seconds=-5", "annotation @retry_delay_seconds must be an integer of 0 or more, got '-5'")]
    public void Wrong_annotations_are_failures(string annotations, string expected) =>
        Assert.Equal(expected, MergedConfig.Merge(null, Annotations(annotations)).Failure?.Message);

    [Theory]
    [InlineData("full_refresh")]
    [InlineData("incremental")]
    [InlineData("append_only")]
    [InlineData("delete_insert")]
    [InlineData("scd2")]
    [InlineData("snapshot")]
    public void Strategies_have_one_name(string name) => Assert.Equal(name, MergeStrategyNames.Parse(name)?.ToText());

    private static PipelineConfig? Merge(string? yaml, string annotations) =>
        MergedConfig.Merge(yaml is null ? null : ConfigFile.Parse(yaml).Value, Annotations(annotations)).Value;

    private static Dictionary<string, string> Annotations(string text) => text.Length == 0
        ? []
        : text.Split('|').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
}

namespace Rat.Torture.Model;

/// <summary>Columns, and rows in an order that means nothing.</summary>
internal sealed record ModelTable(IReadOnlyList<Column> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>The index of a column, -1 when there is none.</summary>
    public int IndexOf(string column) => Columns.Index().Where(own => own.Item.IsCalled(column)).Select(own => own.Index).DefaultIfEmpty(-1).First();

    /// <summary>The same rows under other columns: matched by name, NULL where there is none.</summary>
    public IReadOnlyList<object?[]> RowsAs(IReadOnlyList<Column> columns)
    {
        var sources = columns.Select(column => IndexOf(column.Name)).ToArray();
        return
        [
            .. Rows.Select(row => columns.Select((column, index) =>
                sources[index] < 0 ? null : Widening.Cast(row[sources[index]], Columns[sources[index]].Type, column.Type)).ToArray()),
        ];
    }
}

/// <summary>How a pipeline merges.</summary>
internal sealed record MergeSettings(string Strategy)
{
    public const string ValidFrom = "valid_from";
    public const string ValidTo = "valid_to";

    public IReadOnlyList<string> UniqueKey { get; init; } = [];

    public string? PartitionColumn { get; init; }

    /// <summary>Column and transform.</summary>
    public IReadOnlyList<(string Column, string Transform)> PartitionBy { get; init; } = [];

    /// <summary>The columns by which rows of the table make place for rows of the batch.</summary>
    public IReadOnlyList<string> MatchedBy => Strategy switch
    {
        "incremental" or "delete_insert" or "scd2" => UniqueKey,
        "snapshot" => [PartitionColumn!],
        _ => [],
    };

    /// <summary>As <c>config.yaml</c>.</summary>
    public string ToYaml()
    {
        var lines = new List<string> { $"merge_strategy: {Strategy}" };
        if (UniqueKey.Count > 0)
            lines.AddRange(["unique_key:", .. UniqueKey.Select(column => $"  - {Quoted(column)}")]);
        if (PartitionColumn is not null)
            lines.Add($"partition_column: {Quoted(PartitionColumn)}");
        if (PartitionBy.Count > 0)
        {
            lines.Add("partition_by:");
            lines.AddRange(PartitionBy.SelectMany(by => new[] { $"  - column: {Quoted(by.Column)}", $"    transform: {by.Transform}" }));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}

namespace Rat.Storage.Lake;

/// <summary>From DuckDB's statistics of a file to Iceberg's.</summary>
internal static class FileStatistics
{
    /// <summary>Statistics by field id. What DuckDB doesn't tell, or tells of a column that the schema lacks, is left out.</summary>
    public static IReadOnlyDictionary<int, ColumnStatistics> From(WrittenFile file, IReadOnlyDictionary<string, LeafColumn> leaves)
    {
        var columns = new Dictionary<int, ColumnStatistics>(file.Leaves.Count);
        foreach (var statistics in file.Leaves)
        {
            if (leaves.TryGetValue(statistics.Path, out var leaf))
                columns[leaf.Id] = From(statistics, leaf);
        }

        return columns;
    }

    private static ColumnStatistics From(LeafStatistics statistics, LeafColumn leaf)
    {
        var lower = leaf.Repeated || statistics.Min is null ? null : BoundText.Lower(leaf.Type, statistics.Min);
        var upper = leaf.Repeated || statistics.Max is null ? null : BoundText.Upper(leaf.Type, statistics.Max);
        // DuckDB says whether there are NaNs, not how many.
        long? nans = statistics.HasNan == false ? 0 : null;
        return new ColumnStatistics(statistics.SizeBytes, statistics.ValueCount, statistics.NullCount, nans, lower, upper);
    }
}

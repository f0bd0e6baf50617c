namespace Rat.Torture.Model;

/// <summary>What a sequence of batches starts from.</summary>
/// <param name="Settings">The pipeline's.</param>
/// <param name="Columns">Those of the first batches.</param>
/// <param name="Fixed">Columns that every batch must bring, with a type that only Iceberg's promotions may change.</param>
internal sealed record SequencePlan(MergeSettings Settings, IReadOnlyList<Column> Columns, IReadOnlyList<string> Fixed)
{
    public const string Key = "id";
    public const string SecondKey = "part key";
    public const string Region = "region";
    public const string Day = "day";
    public const string Moment = "moment";

    /// <summary>After so many sequences every strategy has had every variant.</summary>
    public const int Cycle = 24;

    private static readonly string[] Strategies = ["full_refresh", "append_only", "incremental", "delete_insert", "scd2", "snapshot"];

    private static readonly (string Column, string Transform)[] Partitions =
    [
        (Region, "identity"), (Day, "identity"), (Day, "day"), (Day, "month"), (Day, "year"), (Moment, "hour"), (Moment, "day"), (Moment, "month"),
        ("flag", "identity"),
    ];

    /// <summary>The plan of a sequence: the strategies in turn, then again with other keys and partitions.</summary>
    public static SequencePlan Of(int number, Random random)
    {
        var strategy = Strategies[number % Strategies.Length];
        var variant = number / Strategies.Length % 4;
        var isComposite = variant is 1 or 2;
        var partitionBy = variant is 1 or 3 ? random.GetItems(Partitions, 1 + random.Next(2)).DistinctBy(by => by.Column).ToArray() : [];

        Column[] keys = isComposite ? [new(Key, KeyType(random)), new(SecondKey, KeyType(random))] : [new(Key, KeyType(random))];
        Column[] columns =
        [
            .. keys, new(Region, CellType.Text), new(Day, CellType.Date), new(Moment, CellType.Timestamp), new("flag", CellType.Bool),
            new("order", CellType.Int), new("a \"quoted\" name", CellType.Text), new("größe", CellTypes.Any(random)),
            new("n1", CellTypes.Any(random)),
            new("nested", CellType.Struct(new Column("a", CellType.Int), new Column("b", CellType.Text))), new("list", CellType.List(CellType.Int)),
        ];
        var settings = new MergeSettings(strategy)
        {
            UniqueKey = strategy is "incremental" or "delete_insert" or "scd2" ? [.. keys.Select(key => key.Name)] : [],
            PartitionColumn = strategy == "snapshot" ? random.GetItems([Region, Day, Moment], 1)[0] : null,
            PartitionBy = partitionBy,
        };
        return new SequencePlan(settings, columns, [.. settings.MatchedBy, .. partitionBy.Select(by => by.Column)]);
    }

    public static bool IsKey(string column) => column is Key or SecondKey;

    private static CellType KeyType(Random random) => random.GetItems([CellType.Int, CellType.Long, CellType.Text], 1)[0];
}

namespace Rat.Torture.Model;

/// <summary>What a step does to a table.</summary>
internal enum StepKind
{
    /// <summary>A run with rows.</summary>
    Batch,

    /// <summary>A run with rows, under other columns.</summary>
    SchemaChange,

    /// <summary>A run with the batch before.</summary>
    SameAgain,

    /// <summary>A run without rows.</summary>
    Empty,

    /// <summary>A run that its quality test stops.</summary>
    FailedGate,

    /// <summary>A run whose statement ends with an error after it has begun.</summary>
    BrokenSql,

    /// <summary>A run whose batch can't be merged: types that don't fit, a key that is missing, a name that is there twice.</summary>
    Unmergeable,

    /// <summary>The table goes back to an older version.</summary>
    Rollback,

    /// <summary>A run during which the server is killed, and again if it didn't commit.</summary>
    Kill,

    /// <summary>The server ends and starts.</summary>
    Restart,
}

/// <summary>Chooses steps.</summary>
internal static class Steps
{
    private static readonly (StepKind Kind, int Weight)[] Weights =
    [
        (StepKind.Batch, 50), (StepKind.SchemaChange, 18), (StepKind.SameAgain, 4), (StepKind.Empty, 4), (StepKind.FailedGate, 6),
        (StepKind.BrokenSql, 3), (StepKind.Unmergeable, 5), (StepKind.Rollback, 6), (StepKind.Kill, 3), (StepKind.Restart, 1),
    ];

    public static StepKind Next(Random random)
    {
        var left = random.Next(Weights.Sum(weight => weight.Weight));
        foreach (var (kind, weight) in Weights)
        {
            left -= weight;
            if (left < 0)
                return kind;
        }

        return StepKind.Batch;
    }

    /// <summary>How many rows the next batch has.</summary>
    public static int RowsOf(SequencePlan plan, ModelTable? table, Random random) => (plan.Settings.Strategy, random.Next(10)) switch
    {
        (not "append_only", _) when table is null || table.Rows.Count < 300 => random.Next(1500, 3000),
        ("full_refresh", _) => random.Next(1, 1500),
        ("append_only", < 8) => random.Next(1, 100),
        (_, < 6) => random.Next(1, 26),
        (_, < 9) => random.Next(26, 250),
        _ => random.Next(250, 1200),
    };
}

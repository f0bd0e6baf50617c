using Rat.Engine.Queries;

namespace Rat.Tests.Queries;

/// <summary>Plans keep their shape when the files that they list are taken out.</summary>
public class PlanTextTests
{
    [Fact]
    public void Boxes_side_by_side_lose_their_files_and_nothing_else()
    {
        const string Plan = """
            │     Conditions: x = x     ├──────────────┐
            └─────────────┬─────────────┘              │
            ┌─────────────┴─────────────┐┌─────────────┴─────────────┐
            │         TABLE_SCAN        ││         TABLE_SCAN        │
            │    ────────────────────   ││    ────────────────────   │
            │        Filters: x>5       ││        Filename(s):       │
            │                           ││     /srv/data/lake/a      │
            │        Filename(s):       ││    -1b.parquet, /srv/da   │
            │    /srv/data/lake/b-1b    ││  ta/lake/a-2b.parquet     │
            │         .parquet          ││                           │
            │                           ││        1,988 rows         │
            │        1,988 rows         ││          0.00s            │
            └───────────────────────────┘└───────────────────────────┘
            Filename(s): of no box
            """;
        const string Expected = """
            │     Conditions: x = x     ├──────────────┐
            └─────────────┬─────────────┘              │
            ┌─────────────┴─────────────┐┌─────────────┴─────────────┐
            │         TABLE_SCAN        ││         TABLE_SCAN        │
            │    ────────────────────   ││    ────────────────────   │
            │        Filters: x>5       ││                           │
            │                           ││                           │
            │                           ││                           │
            │                           ││                           │
            │                           ││                           │
            │                           ││        1,988 rows         │
            │        1,988 rows         ││          0.00s            │
            └───────────────────────────┘└───────────────────────────┘
            Filename(s): of no box
            """;
        Assert.Equal(Expected, PlanText.WithoutFileNames(Plan));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("│")]
    [InlineData("││\n││")]
    [InlineData("{\"a\": \"│ b │\"}")]
    public void What_lists_no_files_stays(string plan) => Assert.Equal(plan, PlanText.WithoutFileNames(plan));
}

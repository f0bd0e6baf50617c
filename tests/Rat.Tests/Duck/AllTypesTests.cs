using System.Text.Json.Nodes;
using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>Values of every type, held against DuckDB's own text of them.</summary>
public sealed class AllTypesTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    [Fact]
    public void Every_type_of_DuckDB_reads_as_its_text_says()
    {
        var columns = database.Rows("SELECT column_name AS c FROM (DESCRIBE FROM test_all_types())").Select(row => (string)row["c"]!).ToList();

        Assert.True(columns.Count >= 55);
        // DuckDB prints the latest of them a millisecond too late; JsonValuesTests has it.
        Assert.True(columns.Remove("timestamp_tz"));
        foreach (var column in columns)
            AssertAgrees($"SELECT {DuckQuote.Identifier(column)} AS x FROM test_all_types()", expectedRows: 3);
    }

    // random() has 32 random bits or more: products of two reach every digit.
    [Theory]
    [InlineData("(random() * 10000)::INTEGER - 5000")]
    [InlineData("((random() - 0.5) * 1.8e10)::BIGINT * 999999937")]
    [InlineData("((random() - 0.5) * 1e18)::HUGEINT * ((random() - 0.5) * 1e18)::BIGINT")]
    [InlineData("(random() * 1e19)::UBIGINT")]
    [InlineData("((random() - 0.5) * pow(10, (random() * 600)::INTEGER - 300))::DOUBLE")]
    [InlineData("((random() - 0.5) * pow(10, (random() * 70)::INTEGER - 35))::FLOAT")]
    [InlineData("round(random() * 100000, (random() * 5)::INTEGER)::DOUBLE")]
    [InlineData("((random() - 0.5) * 1000)::DECIMAL(4,1)")]
    [InlineData("((random() - 0.5) * pow(10, (random() * 9)::INTEGER))::DECIMAL(18,8)")]
    [InlineData("(((random() - 0.5) * 1e17)::BIGINT::DECIMAL(38,10) / 1000)::DECIMAL(38,10)")]
    [InlineData("make_timestamp(((random() - 0.5) * 1.8e19)::HUGEINT::BIGINT)")]
    [InlineData("make_timestamp(((random() - 0.5) * 1e17)::BIGINT)")]
    [InlineData("make_timestamp(((random() - 0.5) * 1e17)::BIGINT)::TIMESTAMPTZ")]
    [InlineData("make_timestamp_ns(((random() - 0.5) * 1.8e19)::HUGEINT::BIGINT)")]
    [InlineData("make_timestamp(((random() - 0.5) * 1e17)::BIGINT)::TIMESTAMP_MS")]
    [InlineData("make_timestamp(((random() - 0.5) * 1e17)::BIGINT)::TIMESTAMP_S")]
    [InlineData("DATE '1970-01-01' + ((random() - 0.5) * 4e9)::BIGINT::INTEGER")]
    [InlineData("DATE '1970-01-01' + ((random() - 0.5) * 1e6)::INTEGER")]
    [InlineData("TIME '00:00:00' + to_microseconds((random() * 86399999999)::BIGINT)")]
    [InlineData("(TIME '00:00:00' + to_microseconds((random() * 86399999999)::BIGINT))::VARCHAR::TIMETZ")]
    [InlineData("to_months((random() * 1000)::INTEGER - 500) + to_days((random() * 100)::INTEGER - 50) + to_microseconds(((random() - 0.5) * 1e14)::BIGINT)")]
    [InlineData("to_months((random() * 4)::INTEGER - 2) + to_days((random() * 4)::INTEGER - 2) + to_seconds((random() * 4)::INTEGER - 2)")]
    [InlineData("uuid()")]
    [InlineData("md5(range::VARCHAR)[:(random() * 20)::INTEGER]")]
    [InlineData("repeat(chr(1 + (random() * 1000)::INTEGER), (random() * 20)::INTEGER)")]
    [InlineData("unhex(md5(range::VARCHAR)[:2 * (random() * 16)::INTEGER])")]
    [InlineData("repeat((random() > 0.5)::INTEGER::VARCHAR || '0', 1 + (random() * 20)::INTEGER)::BIT")]
    [InlineData("CASE WHEN random() > 0.3 THEN list_transform(range((random() * 5)::INTEGER), lambda i: CASE WHEN i % 3 <> 1 THEN i::VARCHAR END) END")]
    [InlineData("{'a': range, 'b': {'c': [range, NULL], 'd': MAP {'k' || range: 1.5}}, 'e': NULL::DATE}")]
    [InlineData("[range, range + 1]::BIGINT[2]")]
    [InlineData("[[make_timestamp(range * 1000000)], [NULL]]::TIMESTAMP_S[1][2]")]
    public void Random_values_read_as_their_text_says(string expression) =>
        AssertAgrees($"SELECT {expression} AS x FROM range(3000)", expectedRows: 3000);

    /// <summary>Materialised first: a volatile expression must be evaluated once.</summary>
    private void AssertAgrees(string sql, int expectedRows)
    {
        database.Connection.Execute($"CREATE OR REPLACE TEMP TABLE sample AS {sql}");
        DuckType type;
        using (var statement = database.Connection.Prepare("SELECT x FROM sample"))
            type = statement.Columns[0].Type;
        var ours = database.Rows("SELECT x FROM sample");
        var theirs = database.Rows($"SELECT to_json(CAST(x AS {TextOracle.Casts(type)}))::VARCHAR AS x FROM sample");

        Assert.Equal(expectedRows, ours.Count);
        Assert.Equal(expectedRows, theirs.Count);
        var different = ours.Zip(theirs)
            .Where(pair => !TextOracle.Agree(type, pair.First["x"], pair.Second["x"] is { } json ? JsonNode.Parse((string)json!) : null))
            .Select(pair => $"{type.Name}: ours {pair.First.ToJsonString()}, DuckDB's {pair.Second.ToJsonString()}");
        Assert.Empty(different.Take(5));
    }
}

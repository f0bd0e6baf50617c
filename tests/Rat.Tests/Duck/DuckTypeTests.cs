using Rat.Engine.Duck;
using Rat.Engine.Duck.Types;

namespace Rat.Tests.Duck;

/// <summary>Types print as DuckDB prints them.</summary>
public sealed class DuckTypeTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    [Theory]
    [InlineData("SELECT * FROM test_all_types()")]
    [InlineData("""SELECT 1::DECIMAL(38,7) AS a, 'b'::ENUM('a''c', 'b') AS b, '{}'::JSON AS c, ['{}'::JSON] AS d, [1.5, 2] AS e, 1::VARIANT AS f""")]
    [InlineData("""SELECT {'a b': 1, 'A1_': 2, 'select': 3, 'Where': 4, 'é': 5, '1a': 6, '_': 7, 'x"y': {'name': [1]}} AS a, row(1, 'x') AS b""")]
    [InlineData("""SELECT union_value("n 1" := 1) AS a, MAP {[1]: MAP {'x': {'a': 1}}} AS b, [[1, 2]::INTEGER[2]] AS c, NULL AS d""")]
    [InlineData("SELECT [] AS a, {'a': NULL} AS b, MAP {} AS c, [[], [NULL]] AS d")]
    [InlineData("SELECT TIMETZ '10:00:00+01' AS a, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS b, '1'::BIT AS c, 1::BIGNUM AS d, TIME_NS '10:00:00' AS e")]
    public void The_name_is_the_one_that_DESCRIBE_shows(string sql)
    {
        var described = database.Rows($"SELECT column_name, column_type FROM (DESCRIBE {sql})");
        using var result = database.Connection.Query(sql);

        Assert.Equal(
            described.Select(row => $"{row["column_name"]} {row["column_type"]}"),
            result.Columns.Select(column => $"{column.Name} {column.Type.Name}"));
    }

    [Fact]
    public void The_list_of_keywords_is_that_of_the_library()
    {
        var keywords = database.Rows("SELECT DISTINCT keyword_name AS word FROM duckdb_keywords()").Select(row => (string)row["word"]!).ToList();

        Assert.True(keywords.Count > 400);
        Assert.All(keywords, word => Assert.True(DuckKeywords.Contains(word), word));
        Assert.False(DuckKeywords.Contains("orders"));
    }

    [Fact]
    public void Columns_of_one_name_are_told_apart_as_in_a_subquery()
    {
        const string Sql = "SELECT 1 AS a, 2 AS a, 3 AS A, 4 AS a_1, 5 AS b, 6 AS a";
        using var statement = database.Connection.Prepare(Sql);
        using var subquery = database.Connection.Prepare($"SELECT * FROM ({Sql})");
        using var result = statement.Start();

        Assert.Equal(["a", "a_1", "A_2", "a_1_1", "b", "a_3"], result.Columns.Select(column => column.Name));
        Assert.Equal(subquery.Columns.Select(column => column.Name), result.Columns.Select(column => column.Name));
    }

    [Fact]
    public void A_type_that_vectors_do_not_show_keeps_its_name_and_is_read_as_text()
    {
        using var result = database.Connection.Query("SELECT 1 AS a, [{'u': union_value(n := 2)}] AS b ORDER BY a;");

        Assert.Equal("STRUCT(u UNION(n INTEGER))[]", result.Columns[1].Type.Name);
        Assert.Equal("STRUCT(u VARCHAR)[]", result.Columns[1].VectorType.Name);
        Assert.Same(result.Columns[0].Type, result.Columns[0].VectorType);
        Assert.Equal(DuckTypeKind.Integer, result.Columns[0].Type.Kind);
    }
}

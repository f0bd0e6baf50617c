using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>Reading rows chunk by chunk.</summary>
public sealed class DuckChunkTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    [Fact]
    public void Rows_come_in_order_across_chunks()
    {
        using var result = database.Connection.Query("SELECT range AS x, 'text ' || range AS y FROM range(10000)");

        var next = 0L;
        var chunks = 0;
        for (; result.TryReadChunk(out var chunk); chunks++)
        {
            for (var row = 0; row < chunk.RowCount; row++, next++)
            {
                Assert.Equal(next, chunk.GetInt64(0, row));
                Assert.Equal($"text {next}", chunk.GetString(1, row));
            }
        }

        Assert.Equal(10_000, next);
        Assert.True(chunks > 1);
        Assert.False(result.TryReadChunk(out _));
    }

    [Fact]
    public void A_result_without_rows_has_its_columns()
    {
        using var result = database.Connection.Query("SELECT 1 AS a, [{'b': 'x'}] AS c FROM range(0)");

        Assert.Equal(["a INTEGER", "c STRUCT(b VARCHAR)[]"], result.Columns.Select(column => $"{column.Name} {column.Type.Name}"));
        Assert.False(result.TryReadChunk(out var chunk));
        Assert.Null(chunk);
    }

    [Fact]
    public void Scalars_are_read_without_boxing()
    {
        using var result = database.Connection.Query("""
            SELECT true, (-1)::TINYINT, 60000::USMALLINT, 4000000000::UINTEGER, -5, 1.5::FLOAT, 2.5::DOUBLE, 'text', 'b'::ENUM('a', 'b'),
                   '\x01\x02'::BLOB, NULL::INTEGER, 12.34::DECIMAL(10,2), 170141183460469231731687303715884105727::HUGEINT, 18446744073709551615::UBIGINT
            """);

        Assert.True(result.TryReadChunk(out var chunk));
        Assert.True(chunk.GetBoolean(0, 0));
        Assert.Equal(-1, chunk.GetInt64(1, 0));
        Assert.Equal(60000, chunk.GetInt64(2, 0));
        Assert.Equal(4000000000, chunk.GetInt64(3, 0));
        Assert.Equal(-5, chunk.GetInt64(4, 0));
        Assert.Equal(1.5, chunk.GetDouble(5, 0));
        Assert.Equal(2.5, chunk.GetDouble(6, 0));
        Assert.Equal("text", chunk.GetString(7, 0));
        Assert.Equal("b", chunk.GetString(8, 0));
        Assert.Equal([1, 2], chunk.GetBytes(9, 0).ToArray());
        Assert.True(chunk.IsNull(10, 0));
        Assert.False(chunk.IsNull(9, 0));
        Assert.Equal((Int128)1234, chunk.GetInt128(11, 0));
        Assert.Equal(Int128.MaxValue, chunk.GetInt128(12, 0));
        Assert.Throws<OverflowException>(() => chunk.GetInt64(13, 0));
        Assert.Throws<InvalidOperationException>(() => chunk.GetInt64(7, 0));
        Assert.Throws<InvalidOperationException>(() => chunk.GetString(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => chunk.IsNull(0, 1));
    }

    [Fact]
    public void A_chunk_that_is_over_cannot_be_read()
    {
        using var result = database.Connection.Query("SELECT range FROM range(5000)");
        Assert.True(result.TryReadChunk(out var first));
        Assert.True(result.TryReadChunk(out _));

        Assert.Equal(0, first.RowCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => first.GetInt64(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new RowJsonWriter(result.Columns).WriteRow(new System.Buffers.ArrayBufferWriter<byte>(), first, 0));
    }

    /// <summary>Constant and dictionary vectors below a struct or list must be flat when they are read.</summary>
    [Fact]
    public void Nested_parts_of_every_vector_form_read_right()
    {
        var file = Path.Combine(database.Allowed, "forms.parquet");
        database.Connection.Execute($"""
            COPY (SELECT range AS n, 'category ' || range % 3 AS c, [range % 5, NULL] AS l FROM range(20000)) TO {DuckQuote.Literal(file)} (FORMAT parquet)
            """);
        const string Nested = """
            {'one': 1, 'text': 'constant', 'c': c, 'list': [c, 'x', NULL], 'deep': {'l': l, 'c': c}, 'map': MAP {c: n}, 'fixed': [c, c]::VARCHAR[2]}
            """;
        var sql = $"SELECT {Nested} AS x FROM read_parquet({DuckQuote.Literal(file)}) WHERE n % 3 = 1 AND n > 5";

        var ours = database.Lines(sql);
        var theirs = database.Rows($"SELECT to_json(x)::VARCHAR AS j FROM ({sql})");

        Assert.Equal(6665, ours.Count);
        Assert.Equal(theirs.Select(row => $$"""{"x":{{(string)row["j"]!}}}"""), ours);
    }

    [Fact]
    public void A_long_text_and_a_deep_nesting_fit()
    {
        var row = Assert.Single(database.Rows("SELECT repeat('é\"', 300000) AS long, [[[[[['x']]]]]] AS deep"));

        Assert.Equal(string.Concat(Enumerable.Repeat("é\"", 300_000)), (string?)row["long"]);
        Assert.Equal("[[[[[[\"x\"]]]]]]", row["deep"]!.ToJsonString());
    }
}

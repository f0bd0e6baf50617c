namespace Rat.Tests.Rows;

/// <summary>A value as a query shows it, and as a table that stores it does.</summary>
/// <param name="Type">DuckDB's name of its type.</param>
/// <param name="Sql">An expression of that type.</param>
/// <param name="Json">What engine.md 8.6 makes of it, exactly.</param>
/// <param name="StoredType">The column's type in a table; null when it is the same.</param>
/// <param name="StoredJson">What the table shows; null when it is the same.</param>
/// <param name="IsStored">False for what a table can't hold.</param>
internal sealed record ValueCase(
    string Type, string Sql, string Json, string? StoredType = null, string? StoredJson = null, bool IsStored = true);

/// <summary>Every type of engine.md 8.6, with the values at which its form changes.</summary>
internal static class ValueCases
{
    public static IReadOnlyList<ValueCase> All { get; } =
    [
        new("BOOLEAN", "true", "true"),
        new("TINYINT", "(-128)::TINYINT", "-128", "INTEGER"),
        new("SMALLINT", "32767::SMALLINT", "32767", "INTEGER"),
        new("INTEGER", "(-2147483648)::INTEGER", "-2147483648"),
        new("BIGINT", "9007199254740991", "9007199254740991"),
        new("BIGINT", "9007199254740992", "\"9007199254740992\""),
        new("BIGINT", "-9007199254740991", "-9007199254740991"),
        new("BIGINT", "(-9223372036854775808)::BIGINT", "\"-9223372036854775808\""),
        new("UTINYINT", "255::UTINYINT", "255", "INTEGER"),
        new("USMALLINT", "65535::USMALLINT", "65535", "INTEGER"),
        new("UINTEGER", "4294967295::UINTEGER", "4294967295", "BIGINT"),
        new("UBIGINT", "18446744073709551615::UBIGINT", "\"18446744073709551615\"", "DECIMAL(20,0)"),
        new("UBIGINT", "7::UBIGINT", "7", "DECIMAL(20,0)"),
        new("HUGEINT", "42::HUGEINT", "42", "DECIMAL(38,0)"),
        new("HUGEINT", "(-9007199254740993)::HUGEINT", "\"-9007199254740993\"", "DECIMAL(38,0)"),
        new("HUGEINT", "99999999999999999999999999999999999999::HUGEINT", "\"99999999999999999999999999999999999999\"", "DECIMAL(38,0)"),
        new("HUGEINT", "170141183460469231731687303715884105727::HUGEINT", "\"170141183460469231731687303715884105727\"", IsStored: false),
        new("UHUGEINT", "340282366920938463463374607431768211455::UHUGEINT", "\"340282366920938463463374607431768211455\"", IsStored: false),
        new("FLOAT", "0.1::FLOAT", "0.1"),
        new("DOUBLE", "0.1::DOUBLE", "0.1"),
        new("DOUBLE", "-2.5::DOUBLE", "-2.5"),
        new("DOUBLE", "'NaN'::DOUBLE", "\"NaN\""),
        new("DOUBLE", "'Infinity'::DOUBLE", "\"Infinity\""),
        new("DOUBLE", "'-Infinity'::DOUBLE", "\"-Infinity\""),
        new("FLOAT", "'NaN'::FLOAT", "\"NaN\""),
        new("FLOAT", "'-Infinity'::FLOAT", "\"-Infinity\""),
        new("DECIMAL(4,2)", "12.34::DECIMAL(4,2)", "12.34"),
        new("DECIMAL(9,3)", "(-0.001)::DECIMAL(9,3)", "-0.001"),
        new("DECIMAL(15,0)", "999999999999999::DECIMAL(15,0)", "999999999999999"),
        new("DECIMAL(18,2)", "1234567890123.45::DECIMAL(18,2)", "1234567890123.45"),
        new("DECIMAL(18,3)", "1234567890123.456::DECIMAL(18,3)", "\"1234567890123.456\""),
        new("DECIMAL(38,0)", "99999999999999999999999999999999999999::DECIMAL(38,0)", "\"99999999999999999999999999999999999999\""),
        new("DECIMAL(38,20)", "0.00000000000000000001::DECIMAL(38,20)", "0.00000000000000000001"),
        new("DECIMAL(38,10)", "1234567890123456.0000000001::DECIMAL(38,10)", "\"1234567890123456.0000000001\""),
        new("VARCHAR", "'text'", "\"text\""),
        new("VARCHAR", "''", "\"\""),
        new("VARCHAR", "'Fähre ⛴ \"quoted\" \\ <b>' || chr(10) || chr(1)", "\"Fähre ⛴ \\\"quoted\\\" \\\\ <b>\\n\\u0001\""),
        new("VARCHAR", "'more than twelve bytes'", "\"more than twelve bytes\""),
        new("BLOB", "'\\xAA\\x00\\xBB'::BLOB", "\"qgC7\""),
        new("DATE", "DATE '2024-02-29'", "\"2024-02-29\""),
        new("DATE", "DATE '1582-10-15'", "\"1582-10-15\""),
        new("DATE", "DATE '12024-01-01'", "\"12024-01-01\""),
        new("DATE", "'0044-03-15 (BC)'::DATE", "\"0044-03-15 (BC)\""),
        new("DATE", "'infinity'::DATE", "\"infinity\"", IsStored: false),
        new("DATE", "'-infinity'::DATE", "\"-infinity\"", IsStored: false),
        new("TIME", "TIME '01:02:03'", "\"01:02:03\""),
        new("TIME", "TIME '23:59:59.000001'", "\"23:59:59.000001\""),
        new("TIMESTAMP", "TIMESTAMP '2024-01-02 03:04:05'", "\"2024-01-02T03:04:05Z\""),
        new("TIMESTAMP", "TIMESTAMP '2024-01-02 03:04:05.123456'", "\"2024-01-02T03:04:05.123456Z\""),
        new("TIMESTAMP", "TIMESTAMP '1969-12-31 23:59:59.999999'", "\"1969-12-31T23:59:59.999999Z\""),
        new("TIMESTAMP", "'infinity'::TIMESTAMP", "\"infinity\"", IsStored: false),
        new("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ '2024-01-02 03:04:05+02'", "\"2024-01-02T01:04:05Z\""),
        new("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ '2024-01-02 03:04:05.000001-08'", "\"2024-01-02T11:04:05.000001Z\""),
        new("TIMESTAMP_S", "TIMESTAMP_S '2024-01-02 03:04:05'", "\"2024-01-02T03:04:05Z\"", "TIMESTAMP"),
        new("TIMESTAMP_MS", "TIMESTAMP_MS '2024-01-02 03:04:05.678'", "\"2024-01-02T03:04:05.678Z\"", "TIMESTAMP"),
        new("TIMESTAMP_NS", "TIMESTAMP_NS '2024-01-02 03:04:05.123456789'", "\"2024-01-02T03:04:05.123456789Z\"",
            "TIMESTAMP", "\"2024-01-02T03:04:05.123456Z\""),
        new("TIME WITH TIME ZONE", "'01:02:03+02'::TIMETZ", "\"01:02:03+02\"", "VARCHAR"),
        new("INTERVAL", "INTERVAL '1 day 2 hours'", "\"1 day 02:00:00\"", "VARCHAR"),
        new("INTERVAL", "INTERVAL '14 months'", "\"1 year 2 months\"", "VARCHAR"),
        new("UUID", "'0D3CBF3E-5D6E-4D9C-8B57-0A4D3C0CF6A1'::UUID", "\"0d3cbf3e-5d6e-4d9c-8b57-0a4d3c0cf6a1\""),
        new("ENUM('a', 'b')", "'b'::ENUM('a', 'b')", "\"b\"", "VARCHAR"),
        new("INTEGER[]", "[1, NULL, 3]", "[1,null,3]"),
        new("INTEGER[]", "[]::INTEGER[]", "[]"),
        new("INTEGER[][]", "[[1], [], NULL, [2, 3]]", "[[1],[],null,[2,3]]"),
        new("VARCHAR[2]", "['x', NULL]::VARCHAR[2]", "[\"x\",null]", "VARCHAR[]"),
        new("DECIMAL(18,2)[]", "[1234567890123.45, 12345678901234.56]::DECIMAL(18,2)[]", "[1234567890123.45,\"12345678901234.56\"]"),
        new("STRUCT(a INTEGER, b VARCHAR)", "{'a': 1, 'b': 'x'}", "{\"a\":1,\"b\":\"x\"}"),
        new("STRUCT(a INTEGER, b VARCHAR)", "{'a': NULL::INTEGER, 'b': NULL::VARCHAR}", "{\"a\":null,\"b\":null}"),
        new("STRUCT(t TIMESTAMP, l STRUCT(h BIGINT)[])[]", "[{'t': TIMESTAMP '2024-01-02 03:04:05', 'l': [{'h': 9007199254740992}]}]",
            "[{\"t\":\"2024-01-02T03:04:05Z\",\"l\":[{\"h\":\"9007199254740992\"}]}]"),
        new("MAP(VARCHAR, INTEGER)", "MAP {'k': 1, 'l': NULL}", "{\"k\":1,\"l\":null}"),
        new("MAP(INTEGER, VARCHAR)", "MAP {1: 'x'}", "[{\"key\":1,\"value\":\"x\"}]"),
        new("MAP(VARCHAR, INTEGER)", "MAP {}::MAP(VARCHAR, INTEGER)", "{}"),
        new("BIT", "'10110'::BIT", "\"10110\"", "VARCHAR"),
        new("UNION(num INTEGER, str VARCHAR)", "union_value(num := 2)::UNION(num INTEGER, str VARCHAR)", "\"2\"", "VARCHAR", "\"2\""),
        new("JSON", "'{\"a\": [1]}'::JSON", "\"{\\\"a\\\": [1]}\"", "VARCHAR"),
        new("BIGNUM", "'123456789012345678901234567890123456789012345'::BIGNUM", "\"123456789012345678901234567890123456789012345\"", "VARCHAR"),
    ];
}

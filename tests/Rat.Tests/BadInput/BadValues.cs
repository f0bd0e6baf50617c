namespace Rat.Tests.BadInput;

/// <summary>The values that break servers.</summary>
internal static class BadValues
{
    /// <summary>Texts that are no slug and no layer, percent-encoded for a path.</summary>
    public static IReadOnlyList<string> InPath { get; } =
    [
        "A", "Gold", "1a", "-a", "_a", "a%20b", "%20", "a.b", "a%2Fb",
        "%2F", "%2e%2e", "%2e", "..%2F..%2Fetc%2Fpasswd", "a%5Cb", "a%0Ab", "a%09", "a%7F",
        "%C3%A9", "%EF%BD%81", "a%E2%80%8B", "%E2%80%AEa", "%F0%9F%90%80", "e%CC%81", "%FF",
        "%C3%28", "%ED%A0%80", "%zz", "%", "a%3Bb", "a;b=1", "*", "~",
        "%27%3B%20DROP%20TABLE%20runs%3B--", "%7B%7Bx%7D%7D", "not-there", "-1", "0", "1e9", "99999999999999999999", new('x', 129), new('x', 3000),
    ];

    /// <summary>Texts for a query parameter or a field, unencoded.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        "", " ", "A", "-1", "0", "1.5", "1e999", "9223372036854775808",
        "99999999999999999999999999", "NaN", "Infinity", "0x10", "true", "null", "[]", "{}",
        "abc", "\0", "a\0b", "\n", "\r\n", "\t", "\u001b[31m", "\u007f",
        "\u0085", "\u200b", "\u202Eabc", "ａｂｃ", "e\u0301", "ß", "İ", "\U0001F400", "\uFFFF",
        "\uFFFD", "../../etc/passwd", "..", "/", "\\", "'; DROP TABLE runs; --", "{{ 1/0 }}", "%s%n", "<script>",
        "=cmd()", "$(id)", "2026-13-45", "2026-01-01",
        "0001-01-01T00:00:00-14:00", "9999-12-31T23:59:59.9999999Z", new('x', 200), new('ü', 3000), "*", "?", "a,b", ",,,", "asc", "-created_at",
    ];

    /// <summary>JSON values by the type that they are not.</summary>
    public static IReadOnlyList<string> NotOf(string type) => type switch
    {
        "string" => ["5", "-1", "1.5", "1e400", "true", "[]", "{}", "[\"a\"]", "{\"a\":\"b\"}"],
        "integer" => ["\"x\"", "\"\"", "1.5", "1e400", "9223372036854775808", "-99999999999999999999", "true", "[]", "{}", "[1]"],
        "boolean" => ["\"true\"", "\"\"", "1", "0", "[]", "{}"],
        "array" => ["\"x\"", "5", "true", "{}", "[1]", "[{}]", "[[]]"],
        "object" => ["\"x\"", "5", "true", "[]", "{\"a\":1}", "{\"a\":{}}"],
        _ => ["5"],
    };

    /// <summary>Content types that aren't JSON, or nothing at all.</summary>
    public static IReadOnlyList<string?> ContentTypes { get; } =
    [
        null, "text/xml", "multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded", ";;;",
        "application/json; charset=utf-7",
    ];

    /// <summary>Whole bodies that are no object of any kind.</summary>
    public static IReadOnlyList<(string What, byte[] Bytes)> Bodies { get; } =
    [
        ("empty", []),
        ("space", " \r\n\t"u8.ToArray()),
        ("null", "null"u8.ToArray()),
        ("number", "123"u8.ToArray()),
        ("text", "\"text\""u8.ToArray()),
        ("list", "[]"u8.ToArray()),
        ("list of objects", "[{}]"u8.ToArray()),
        ("empty object", "{}"u8.ToArray()),
        ("words", "name=x&layer=gold"u8.ToArray()),
        ("xml", "<a/>"u8.ToArray()),
        ("comment", "{/* c */}"u8.ToArray()),
        ("trailing comma", "{\"name\":\"x\",}"u8.ToArray()),
        ("single quotes", "{'name':'x'}"u8.ToArray()),
        ("bare word", "{name:1}"u8.ToArray()),
        ("NaN", "{\"limit\":NaN}"u8.ToArray()),
        ("NUL", "\0"u8.ToArray()),
        ("bytes that are no UTF-8", [(byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'1', (byte)'}']),
        ("UTF-16", System.Text.Encoding.Unicode.GetBytes("{\"name\":\"x\"}")),
        ("half of a surrogate", "{\"name\":\"\\ud800\",\"content\":\"\\ud800\",\"sql\":\"\\ud800\"}"u8.ToArray()),
        ("deep lists", Repeated("[", 100_000)),
        ("deep objects", Repeated("{\"a\":", 50_000)),
        ("over 1 MiB", [.. "{\"name\":\""u8, .. Repeated("x", 1024 * 1024), .. "\"}"u8]),
    ];

    public static byte[] Repeated(string text, int count) => System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, count)));
}

using System.Text;
using Rat.Tests.Contract;

namespace Rat.Tests.BadInput;

/// <summary>Uploads that are wrong in one way.</summary>
internal static class FormCases
{
    private const string Boundary = "frontier";
    private const string Type = $"multipart/form-data; boundary={Boundary}";

    private static readonly string[] FileNames =
    [
        "", ".", "..", "/", "\\", "../../etc/passwd", "..\\..\\boot.ini", "a/../b.csv", "C:\\x.csv", "a\u0001b", "nul\\0",
        new('x', 300), new('ü', 300), "🐀.csv", " ", "a..b",
    ];

    private static readonly string[] Paths =
    [
        "", " ", "/", "/x", "..", "../x", "ns/../x", "a\\b", "A/x", "1/x", "x/" + new string('y', 2000),
        "x/\u0001", "//", "x//y", ".", new('x', 10_000),
    ];

    /// <param name="path">The field <c>path</c> of a right form; null where there is none.</param>
    public static IEnumerable<BadCase> Of(ContractOperation operation, string target, string? path)
    {
        var file = Part("form-data; name=\"file\"; filename=\"a.csv\"", "a,b\r\n1,2\r\n");
        var field = path is null ? "" : Part("form-data; name=\"path\"", path);
        var end = $"--{Boundary}--\r\n";
        BadCase Case(string what, string text, Verdict verdict = Verdict.Refused, string? type = Type) =>
            new(operation, target, Encoding.UTF8.GetBytes(text), type, verdict, $"form {what}");

        yield return Case("empty", "");
        yield return Case("only its end", end);
        yield return Case("without an end", field + file[..^6]);
        yield return Case("cut in a header", field + file[..30]);
        yield return Case("cut before its end mark", field + file, Verdict.Answered);
        yield return Case("no type", field + file + end, type: null);
        yield return Case("another type", field + file + end, type: "application/json");
        yield return Case("no boundary", field + file + end, type: "multipart/form-data");
        yield return Case("empty boundary", field + file + end, type: "multipart/form-data; boundary=");
        yield return Case("wrong boundary", field + file + end, type: "multipart/form-data; boundary=other");
        yield return Case("boundary too long", field + file + end, type: $"multipart/form-data; boundary={new string('b', 5000)}");
        yield return Case("without the file", field + end);
        yield return Case("file under another name", field + Part("form-data; name=\"files\"; filename=\"a.csv\"", "x") + end);
        yield return Case("no disposition", field + Part("", "x") + end);
        yield return Case("broken disposition", field + Part("form-data; name=\"file; filename=\"\"a\"", "x") + end);
        yield return Case("rubbish", new string('\u0001', 2000));
        yield return Case("a header too long", field + $"--{Boundary}\r\nX: {new string('y', 100_000)}\r\n\r\nx\r\n" + end);
        var headers = string.Concat(Enumerable.Range(0, 2000).Select(i => $"X{i}: y\r\n"));
        yield return Case("many headers", field + $"--{Boundary}\r\n{headers}\r\nx\r\n" + end);
        yield return Case("JSON", "{\"path\":\"x\"}");
        foreach (var name in FileNames)
        {
            var escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal);
            var named = Part($"form-data; name=\"file\"; filename=\"{escaped}\"", "x");
            yield return Case($"file name {Short(name)}", field + named + end, Verdict.Answered);
        }

        if (path is null)
            yield break;
        yield return Case("without the path", file + end);
        foreach (var wrong in Paths)
            yield return Case($"path {Short(wrong)}", Part("form-data; name=\"path\"", wrong) + file + end, Verdict.Answered);
    }

    private static string Short(string text) => $"{text[..Math.Min(text.Length, 20)]} ({text.Length})";

    private static string Part(string disposition, string content) => $"--{Boundary}\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n";
}

namespace Rat.Tests.Templates;

/// <summary>
/// The language, case by case. A file of <c>Cases</c> has two lines per case: the template, and indented its text, or <c>!</c> and the class
/// of its error. Line breaks, tabs and white space at an end are written ⏎ ⇥ ␠. All results were made with Jinja2 3.1.6 (sandboxed, strict
/// undefined); where the class of an error is only ours, Jinja fails too.
/// </summary>
public class JinjaCasesTests
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Rat.Tests", "Templates", "Cases");

    /// <summary>Names of the files.</summary>
    internal static IEnumerable<string> Files =>
        Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    public static TheoryData<string> Areas => [.. Files];

    /// <summary>Templates and results of a file, decoded.</summary>
    internal static IReadOnlyList<(string Template, string Expected)> Read(string area) =>
    [
        .. File.ReadAllLines(Path.Combine(Folder, area + ".txt")).Chunk(2).Select(pair => (Decode(pair[0]), Decode(pair[1][4..]))),
    ];

    [Theory]
    [MemberData(nameof(Areas))]
    public void Every_case_gives_what_Jinja_gives(string area)
    {
        var cases = Read(area);
        var wrong =
            from item in cases
            let actual = SampleContext.Render(item.Template)
            where item.Expected.StartsWith("! ", StringComparison.Ordinal)
                ? !actual.StartsWith(item.Expected + ": ", StringComparison.Ordinal) || !actual.Contains(" (line ", StringComparison.Ordinal)
                : actual != item.Expected
            select $"{item.Template}\n  expected {item.Expected}\n  was      {actual}";

        Assert.NotEmpty(cases);
        Assert.Empty(wrong);
    }

    private static string Decode(string text) =>
        text.Replace('⏎', '\n').Replace('⇥', '\t').Replace('␍', '\r').Replace('␠', ' ').Replace('␀', '\0');
}

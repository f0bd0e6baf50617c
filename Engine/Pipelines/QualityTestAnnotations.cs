namespace Rat.Engine.Pipelines;

/// <summary>What a failed quality test does to its run.</summary>
internal enum TestSeverity
{
    /// <summary>The run fails and nothing is committed.</summary>
    Error,

    /// <summary>The run succeeds with a warning.</summary>
    Warn,
}

/// <summary>The words of the contract for <see cref="TestSeverity"/>.</summary>
internal static class TestSeverityText
{
    public static string ToText(this TestSeverity severity) => severity == TestSeverity.Error ? "error" : "warn";
}

/// <summary>What the annotations of a quality test say; texts are empty when they are missing.</summary>
/// <param name="Tags">In small letters, in their order.</param>
/// <param name="UnknownKeys">Keys that mean nothing in a test, each once, in alphabetical order.</param>
internal sealed record QualityTestHeader(
    TestSeverity Severity, string Description, string Remediation, IReadOnlyList<string> Tags, IReadOnlyList<string> UnknownKeys);

/// <summary>The annotations of a quality test: lines <c>-- @key: value</c> anywhere in the file, the first one of a key counts.</summary>
internal static class QualityTestAnnotations
{
    private static readonly string[] Marks = ["--"];
    private static readonly string[] Known = ["severity", "description", "remediation", "tags"];

    public static QualityTestHeader Parse(string source)
    {
        var values = Values(source);
        return new QualityTestHeader(
            Severity(values.GetValueOrDefault("severity", "")),
            values.GetValueOrDefault("description", ""),
            values.GetValueOrDefault("remediation", ""),
            ConfigFile.ParseNames(values.GetValueOrDefault("tags", "").ToLowerInvariant()),
            [.. values.Keys.Except(Known).Order(StringComparer.Ordinal)]);
    }

    /// <summary>The keys that have a value.</summary>
    public static IReadOnlyCollection<string> Keys(string source) => Values(source).Keys;

    private static Dictionary<string, string> Values(string source)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in AnnotationLine.WithoutMark(source).EnumerateLines())
        {
            if (AnnotationLine.TryParse(line, Marks, out var key, out var value) && value.Length > 0)
                values.TryAdd(key.ToString(), value.ToString());
        }

        return values;
    }

    /// <summary>The first word decides; what is not a warning is an error.</summary>
    private static TestSeverity Severity(string text) =>
        string.Concat(text.TakeWhile(char.IsLetterOrDigit)).ToLowerInvariant() is "warn" or "warning" ? TestSeverity.Warn : TestSeverity.Error;
}

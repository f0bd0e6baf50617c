using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Templates;
using Rat.Storage;

namespace Rat.Tests.Templates;

/// <summary>What templates see in these tests: an incremental pipeline whose table has rows.</summary>
internal static class SampleContext
{
    public static TemplateContext Create(MergeStrategy? strategy = MergeStrategy.Incremental, bool hasRows = true, string? watermark = "2024-12-05") => new()
    {
        Ref = Resolve,
        LandingZone = zone => $"s3://rat/ns/landing/{zone}/*",
        This = () => "THIS",
        RunStartedAt = "2026-02-16T09:30:00.123456+00:00",
        WatermarkValue = watermark,
        Strategy = strategy,
        TargetHasRows = hasRows,
    };

    /// <summary>The text of a template, or the message of its failure after an exclamation mark.</summary>
    public static string Render(string source, TemplateContext? context = null)
    {
        var rendered = TryRender(source, context);
        return rendered.Succeeded ? rendered.Value : "! " + rendered.Failure.Message;
    }

    /// <summary>The text of a template, or the failure to parse or to render it.</summary>
    public static Outcome<string> TryRender(string source, TemplateContext? context = null)
    {
        var template = Template.Parse(source);
        return template.Succeeded ? template.Value.Render(context ?? Create()) : template.Failure;
    }

    private static Outcome<string> Resolve(string text)
    {
        var name = RefName.Parse(text, "ns");
        if (!name.Succeeded)
            return name.Failure;
        return name.Value.Name.Contains("missing", StringComparison.Ordinal)
            ? Failure.NotFound($"table {name.Value} not found")
            : $"REF({text})";
    }
}

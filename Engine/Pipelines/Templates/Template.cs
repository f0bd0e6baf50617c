using Rat.Engine.Pipelines.Templates.Rendering;
using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Storage;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>
/// A parsed template in Jinja's language: sandboxed, with strict undefined values, and bounded in all that it may use
/// (<see cref="TemplateLimits"/>).
/// </summary>
internal sealed class Template
{
    private readonly ParsedTemplate _parsed;
    private TemplateSurvey? _survey;

    private Template(ParsedTemplate parsed) => _parsed = parsed;

    /// <summary>
    /// Texts of the calls <c>ref('…')</c> that this template makes, in their order: those inside tags with one literal argument, except for
    /// those that only print into a comment of the SQL around them.
    /// </summary>
    public IReadOnlyList<string> References => _parsed.References;

    /// <summary>What can be told of the template without rendering it.</summary>
    public TemplateSurvey Survey => _survey ??= TemplateSurvey.Of(_parsed.Body);

    /// <summary>An error is <c>TemplateSyntaxError: … (line N)</c>; an unknown filter, test or tag is one too.</summary>
    public static Outcome<Template> Parse(string source)
    {
        if (source.Length > TemplateLimits.SourceLength)
            return Failure.TooLarge($"the template is longer than {TemplateLimits.SourceLength} characters");
        try
        {
            return new Template(StatementParser.Parse(source));
        }
        catch (TemplateException error)
        {
            return ToFailure(error.Line > 0 ? error : error.At(1));
        }
    }

    /// <summary>
    /// The text. An error names its class and line, such as <c>UndefinedError: 'x' is undefined (line 3)</c>; that of a failed
    /// <see cref="TemplateContext"/> function keeps the kind of its failure.
    /// </summary>
    /// <exception cref="OperationCanceledException">The rendering was cancelled.</exception>
    public Outcome<string> Render(TemplateContext context, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return new Interpreter(_parsed, context, new Budget(cancellation)).Render();
        }
        catch (TemplateException error)
        {
            return ToFailure(error);
        }
    }

    private static Failure ToFailure(TemplateException error) => new(error.Kind, $"{error.Error}: {error.Message} (line {error.Line})");
}

using Rat.Storage;

namespace Rat.Engine.Pipelines.Templates;

/// <summary>
/// Carries an error out of the parser or the interpreter to <see cref="Template"/>, which turns it into a <see cref="Failure"/>: it never
/// leaves this room. An expression is evaluated some ten calls deep, and an outcome on each level would hide the arithmetic.
/// </summary>
/// <param name="error">Name of the class of error, as the contract and Jinja call it.</param>
/// <param name="line">Line of the template, counted from 1; 0 until it is known.</param>
internal sealed class TemplateException(string error, string message, int line = 0) : Exception(message)
{
    public string Error { get; } = error;
    public int Line { get; } = line;
    public FailureKind Kind { get; private init; } = FailureKind.Invalid;

    public static TemplateException Syntax(string message, int line) => new("TemplateSyntaxError", message, line);
    public static TemplateException Undefined(string message) => new("UndefinedError", message);
    public static TemplateException Security(string message) => new("SecurityError", message);
    public static TemplateException Type(string message) => new("TypeError", message);
    public static TemplateException Value(string message) => new("ValueError", message);
    public static TemplateException Overflow(string message) => new("OverflowError", message);
    public static TemplateException ZeroDivision(string message) => new("ZeroDivisionError", message);
    public static TemplateException Runtime(string message) => new("TemplateRuntimeError", message);
    public static TemplateException Recursion() => new("RecursionError", "the template nests or recurses too deeply");
    public static TemplateException Limit(string message) => new("LimitError", message);

    /// <summary>A function of the platform failed: the kind of its failure is kept.</summary>
    public static TemplateException From(string error, Failure failure) => new(error, failure.Message) { Kind = failure.Kind };

    /// <summary>The same error at a line.</summary>
    public TemplateException At(int line) => new(Error, Message, line) { Kind = Kind };
}

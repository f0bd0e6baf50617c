using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>
/// The value of what isn't there. It may be passed on, tested for being defined and replaced by a default; any other use is an error (Jinja's
/// strict undefined).
/// </summary>
/// <param name="message">What its use is answered with.</param>
internal sealed class Undefined(string message, bool isUnsafe = false)
{
    /// <summary>
    /// What <c>a if condition</c> is without <c>else</c> when the condition is false: empty when it is printed, tested or iterated, and only
    /// otherwise an error.
    /// </summary>
    public static Undefined NoElse { get; } = new("the inline if-expression evaluated to false and no else section was defined.");

    /// <summary>Printing, testing, iterating or comparing it is an error.</summary>
    public bool IsStrict => !ReferenceEquals(this, NoElse);

    public static void ThrowIf(object? value)
    {
        if (value is Undefined undefined)
            throw undefined.Used();
    }

    public static void ThrowIfStrict(object? value)
    {
        if (value is Undefined { IsStrict: true } undefined)
            throw undefined.Used();
    }

    public static Undefined Name(string name) => new($"'{name}' is undefined");

    /// <summary>An attribute or an item by name that the value doesn't have.</summary>
    public static Undefined Attribute(object? value, string name) => new($"'{Describe(value)}' has no attribute '{name}'");

    public static Undefined Item(object? value, object? key) => key switch
    {
        string name => Attribute(value, name),
        Markup name => Attribute(value, name.Text),
        BigInteger or bool or double or null => new Undefined($"{Describe(value)} has no element {ValueText.OfSimple(key)}"),
        _ => new Undefined($"{Describe(value)} has no such element"),
    };

    /// <summary>A name that starts with an underscore: the sandbox gives no way to the inside of a value.</summary>
    public static Undefined Unsafe(object? value, string name) =>
        new($"access to attribute '{name}' of '{TypeName.Of(value)}' object is unsafe.", isUnsafe: true);

    public TemplateException Used() => isUnsafe ? TemplateException.Security(message) : TemplateException.Undefined(message);

    private static string Describe(object? value) => value is null ? "None" : $"{TypeName.Of(value)} object";
}

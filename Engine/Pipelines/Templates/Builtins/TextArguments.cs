using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Reads the arguments of text methods.</summary>
internal static class TextArguments
{
    public static string Text(object? value, string what)
    {
        Undefined.ThrowIf(value);
        return Markup.TextOf(value) ?? throw TemplateException.Type($"{what} must be str, not {TypeName.Of(value)}");
    }

    /// <summary>A text or None.</summary>
    public static string? OptionalText(object? value, string what) => value is null ? null : Text(value, what);

    /// <summary>A number of letters or rounds; a negative one is -1, and a large one as many as there can be.</summary>
    public static int Count(object? value, string what)
    {
        Undefined.ThrowIf(value);
        var number = Numbers.AsInteger(value) ?? throw TemplateException.Type($"{what} must be an integer, not '{TypeName.Of(value)}'");
        return number.Sign < 0 ? -1 : number > int.MaxValue ? int.MaxValue : (int)number;
    }

    /// <summary>A number of decimals; what is beyond any number's digits is cut to that.</summary>
    public static int Precision(object? value)
    {
        Undefined.ThrowIf(value);
        var number = Numbers.AsInteger(value) ?? throw TemplateException.Type($"'{TypeName.Of(value)}' object cannot be interpreted as an integer");
        return (int)BigInteger.Max(-TemplateLimits.IntegerBits - 1, BigInteger.Min(TemplateLimits.IntegerBits, number));
    }

    /// <summary>The part of a text from one code point to another, in UTF-16 units; null if it starts after the end.</summary>
    public static (int Start, int End)? Range(string text, object? start, object? end, Budget budget)
    {
        budget.Read(text);
        if (start is null && end is null)
            return (0, text.Length);
        var length = CodePoints.Count(text);
        var first = Bound(start, 0, length);
        var last = BigInteger.Min(Bound(end, length, length), length);
        if (first > length || first > last)
            return null;
        return (CodePoints.ToUnits(text, (int)first), CodePoints.ToUnits(text, (int)last));
    }

    private static BigInteger Bound(object? bound, int fallback, int length)
    {
        Undefined.ThrowIf(bound);
        if (bound is null)
            return fallback;
        var number = Numbers.AsInteger(bound) ?? throw TemplateException.Type("slice indices must be integers or None");
        return number.Sign < 0 ? BigInteger.Max(0, number + length) : number;
    }
}

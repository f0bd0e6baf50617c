using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Filters of numbers.</summary>
internal static class NumberFilters
{
    private static readonly string[] DecimalUnits = ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] BinaryUnits = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Builtin.Of("abs", (_, value) => Absolute(value)),
        Builtin.Of("int", [Optional("default", BigInteger.Zero), Optional("base", new BigInteger(10))], ToInteger),
        Builtin.Of("float", [Optional("default", 0.0)], (_, value, a) => ParsedFloat(value) ?? a[0]),
        Builtin.Of("round", [Optional("precision", BigInteger.Zero), Optional("method", "common")], Round),
        Builtin.Of("filesizeformat", [Optional("binary", false)], (_, value, a) => FileSize(value, Iteration.IsTrue(a[0]))),
    ];

    private static object Absolute(object? value) => value switch
    {
        Undefined undefined => throw undefined.Used(),
        double number => Math.Abs(number),
        _ => BigInteger.Abs(Numbers.AsInteger(value) ?? throw TemplateException.Type($"bad operand type for abs(): '{TypeName.Of(value)}'")),
    };

    /// <summary>The default for what is no number. A text such as <c>42.7</c> goes by way of a float.</summary>
    private static object? ToInteger(Budget budget, object? value, object?[] arguments)
    {
        if (Markup.TextOf(value) is { } text)
        {
            budget.Read(text);
            if (Numbers.AsInteger(arguments[1]) is { } numberBase && numberBase.Sign >= 0 && numberBase <= 36
                && Conversions.ParseInteger(text, (int)numberBase) is { } integer)
            {
                return integer;
            }

            return ParsedFloat(value) is { } parsed && double.IsFinite(parsed) ? new BigInteger(parsed) : arguments[0];
        }

        return value switch
        {
            Undefined undefined => throw undefined.Used(),
            double number => double.IsNaN(number) ? arguments[0] : Conversions.Truncate(number),
            _ => Numbers.AsInteger(value) ?? arguments[0],
        };
    }

    private static double? ParsedFloat(object? value) => value switch
    {
        Undefined undefined => throw undefined.Used(),
        string or Markup => Conversions.ParseFloat(Markup.TextOf(value)!),
        _ => Numbers.AsFloat(value),
    };

    private static object? Round(Budget budget, object? value, object?[] arguments)
    {
        Undefined.ThrowIf(value);
        var method = Markup.TextOf(arguments[1]);
        if (method is not ("common" or "ceil" or "floor"))
            throw new TemplateException("FilterArgumentError", "method must be common, ceil or floor");
        if (value is not (bool or BigInteger or double))
            throw TemplateException.Type($"type {TypeName.Of(value)} doesn't define __round__ method");
        if (method == "common")
            return RoundToEven(value, arguments[0]);

        var unit = Arithmetic.Apply("**", new BigInteger(10), arguments[0], budget);
        var scaled = Arithmetic.Apply("*", value, unit, budget);
        if (scaled is double number)
            scaled = Conversions.Truncate(method == "ceil" ? Math.Ceiling(number) : Math.Floor(number));
        return Arithmetic.Apply("/", scaled, unit, budget);
    }

    private static object RoundToEven(object value, object? precision)
    {
        if (precision is null)
            return value is double whole ? Conversions.Truncate(Math.Round(whole, MidpointRounding.ToEven)) : Numbers.AsInteger(value)!;
        var decimals = TextArguments.Precision(precision);
        return value is double number ? Finite(number, ExactDecimal.Round(number, decimals)) : ExactDecimal.Round(Numbers.AsInteger(value)!.Value, decimals);
    }

    private static double Finite(double number, double rounded) => double.IsFinite(number) && !double.IsFinite(rounded)
        ? throw TemplateException.Overflow("rounded value too large to represent")
        : rounded;

    private static string FileSize(object? value, bool isBinary)
    {
        var size = ParsedFloat(value) ?? throw TemplateException.Value("could not convert to float");
        var unit = isBinary ? 1024.0 : 1000.0;
        if (size == 1)
            return "1 Byte";
        if (size < unit)
            return $"{Conversions.Truncate(size)} Bytes";
        var names = isBinary ? BinaryUnits : DecimalUnits;
        var index = 0;
        while (index < names.Length - 1 && size >= Math.Pow(unit, index + 2))
            index++;
        var shown = unit * size / Math.Pow(unit, index + 2);
        return $"{FloatText.Format(shown, 'f', 1, keepsZeros: false)} {names[index]}";
    }
}

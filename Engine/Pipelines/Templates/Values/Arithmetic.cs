using System.Numerics;
using Rat.Engine.Pipelines.Templates.Builtins;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>The operators <c>+ - * / // % **</c> and signs, as Python has them for numbers, texts, lists and tuples.</summary>
internal static class Arithmetic
{
    public static object? Apply(string operation, object? left, object? right, Budget budget)
    {
        Undefined.ThrowIf(left);
        if (operation == "%" && left is string or Markup)
            return PrintfFormat.Apply(left, right, budget);
        Undefined.ThrowIf(right);
        if (Numbers.AsInteger(left) is { } a && Numbers.AsInteger(right) is { } b)
            return OfIntegers(operation, a, b, budget);
        if (IsNumber(left) && IsNumber(right))
            return OfFloats(operation, Numbers.AsFloat(left)!.Value, Numbers.AsFloat(right)!.Value);
        return (operation, left, right) switch
        {
            ("+", _, _) => SequenceArithmetic.Add(left, right, budget),
            ("*", _, _) => SequenceArithmetic.Repeat(left, right, budget),
            _ => null,
        } ?? throw Unsupported(operation, left, right);
    }

    public static object? Sign(bool isMinus, object? operand) => operand switch
    {
        Undefined undefined => throw undefined.Used(),
        double number => isMinus ? -number : number,
        _ when Numbers.AsInteger(operand) is { } number => isMinus ? -number : number,
        _ => throw TemplateException.Type($"bad operand type for unary {(isMinus ? '-' : '+')}: '{TypeName.Of(operand)}'"),
    };

    private static bool IsNumber(object? value) => value is bool or BigInteger or double;

    private static TemplateException Unsupported(string operation, object? left, object? right) => (operation, left) switch
    {
        ("+", string or Markup or List<object?> or TupleValue) => TemplateException.Type(
            $"can only concatenate {TypeName.Of(left)} (not \"{TypeName.Of(right)}\") to {TypeName.Of(left)}"),
        ("**", _) => TemplateException.Type(
            $"unsupported operand type(s) for ** or pow(): '{TypeName.Of(left)}' and '{TypeName.Of(right)}'"),
        _ => TemplateException.Type($"unsupported operand type(s) for {operation}: '{TypeName.Of(left)}' and '{TypeName.Of(right)}'"),
    };

    private static object OfIntegers(string operation, BigInteger a, BigInteger b, Budget budget)
    {
        // Multiplying and dividing take the product of the lengths.
        budget.Spend(1 + (a.GetBitLength() / 64 * (b.GetBitLength() / 64) / 64));
        if (b.IsZero && operation is "/" or "//" or "%")
            throw TemplateException.ZeroDivision(operation == "/" ? "division by zero" : "integer division or modulo by zero");
        return operation switch
        {
            "+" => Numbers.Bounded(a + b),
            "-" => Numbers.Bounded(a - b),
            "*" => Numbers.Bounded(a * b),
            "/" => Numbers.Divide(a, b) is var quotient && double.IsFinite(quotient)
                ? quotient
                : throw TemplateException.Overflow("integer division result too large for a float"),
            "//" => FloorDivide(a, b).Quotient,
            "%" => FloorDivide(a, b).Remainder,
            _ => Power(a, b, budget),
        };
    }

    private static (BigInteger Quotient, BigInteger Remainder) FloorDivide(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return rest.IsZero || rest.Sign == b.Sign ? (quotient, rest) : (quotient - 1, rest + b);
    }

    private static object Power(BigInteger number, BigInteger exponent, Budget budget)
    {
        if (exponent.Sign < 0)
            return OfFloats("**", Numbers.ToFloat(number), Numbers.ToFloat(exponent));
        if (BigInteger.Abs(number) <= 1)
            return number.IsZero ? (exponent.IsZero ? BigInteger.One : number) : exponent.IsEven ? BigInteger.One : number;
        if (exponent * (number.GetBitLength() - 1) > TemplateLimits.IntegerBits)
            throw TemplateException.Overflow("an integer is too large");
        budget.Spend((long)exponent / 64);
        return Numbers.Bounded(BigInteger.Pow(number, (int)exponent));
    }

    private static double OfFloats(string operation, double a, double b)
    {
        if (b == 0 && operation is "/" or "//" or "%")
            throw TemplateException.ZeroDivision(operation == "%" ? "float modulo" : "float division by zero");
        return operation switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => a / b,
            "//" => FloorDivide(a, b).Quotient,
            "%" => FloorDivide(a, b).Remainder,
            _ => Power(a, b),
        };
    }

    private static (double Quotient, double Remainder) FloorDivide(double a, double b)
    {
        var rest = a % b;
        var quotient = (a - rest) / b;
        if (rest == 0)
        {
            rest = Math.CopySign(0, b);
        }
        else if (rest < 0 != b < 0)
        {
            rest += b;
            quotient -= 1;
        }

        if (quotient == 0)
            return (Math.CopySign(0, a / b), rest);
        var floor = Math.Floor(quotient);
        return (quotient - floor > 0.5 ? floor + 1 : floor, rest);
    }

    private static double Power(double number, double exponent)
    {
        if (number == 0 && exponent < 0)
            throw TemplateException.ZeroDivision("0.0 cannot be raised to a negative power");
        if (number < 0 && double.IsFinite(number) && double.IsFinite(exponent) && !double.IsInteger(exponent))
            throw TemplateException.Value("complex numbers are not supported");
        var result = Math.Pow(number, exponent);
        return double.IsInfinity(result) && double.IsFinite(number) && double.IsFinite(exponent)
            ? throw TemplateException.Overflow("Numerical result out of range")
            : result;
    }
}

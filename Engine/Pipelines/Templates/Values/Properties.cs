using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Attributes of values that are no methods of texts, lists or dicts.</summary>
internal static class Properties
{
    private static readonly object NotFound = new();

    public static bool TryFind(object? target, string name, out object? value)
    {
        value = target switch
        {
            bool or BigInteger or double => OfNumber(target, name),
            RangeValue range => OfRange(range, name),
            MacroValue macro => OfMacro(macro, name),
            CyclerValue cycler => OfCycler(cycler, name),
            _ => NotFound,
        };
        return !ReferenceEquals(value, NotFound);
    }

    private static object? OfNumber(object number, string name) => (number, name) switch
    {
        (_, "real") => Numbers.AsInteger(number) ?? number,
        (double, "imag") => 0.0,
        (double floating, "is_integer") => FunctionValue.WithoutArguments(
            "<built-in method is_integer of float object>", () => double.IsInteger(floating)),
        (not double, "imag") => BigInteger.Zero,
        (not double, "numerator") => Numbers.AsInteger(number),
        (not double, "denominator") => BigInteger.One,
        (not double, "bit_length") => FunctionValue.WithoutArguments(
            "<built-in method bit_length of int object>",
            () => new BigInteger(BigInteger.Abs(Numbers.AsInteger(number)!.Value).GetBitLength())),
        _ => NotFound,
    };

    private static object? OfRange(RangeValue range, string name) => name switch
    {
        "start" => range.Start,
        "stop" => range.Stop,
        "step" => range.Step,
        _ => NotFound,
    };

    private static object? OfMacro(MacroValue macro, string name) => name switch
    {
        "name" => macro.Name,
        "arguments" => new TupleValue([.. macro.ParameterNames]),
        "catch_kwargs" => macro.CatchesByName,
        "catch_varargs" => macro.CatchesRest,
        "caller" => macro.TakesCaller,
        _ => NotFound,
    };

    private static object? OfCycler(CyclerValue cycler, string name) => name switch
    {
        "current" => cycler.Current,
        "next" => FunctionValue.WithoutArguments("<bound method Cycler.next>", cycler.Next),
        "reset" => FunctionValue.WithoutArguments("<bound method Cycler.reset>", () =>
        {
            cycler.Reset();
            return null;
        }),
        _ => NotFound,
    };
}

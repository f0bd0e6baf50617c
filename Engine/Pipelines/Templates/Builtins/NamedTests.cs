using System.Collections.Frozen;
using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Jinja's tests by name (https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-tests).</summary>
internal static class NamedTests
{
    private static readonly FrozenDictionary<string, Builtin> All = new[]
    {
        Of("defined", value => value is not Undefined),
        Of("undefined", value => value is Undefined),
        Of("none", value => value is null),
        Of("boolean", value => value is bool),
        Of("true", value => value is true),
        Of("false", value => value is false),
        Of("integer", value => value is BigInteger),
        Of("float", value => value is double),
        Of("number", value => value is bool or BigInteger or double),
        Of("string", value => value is string or Markup),
        Of("mapping", value => value is DictValue),
        Of("sequence", value => value is string or Markup or List<object?> or TupleValue or DictValue or RangeValue),
        Of("iterable", value => value is LoopValue || Iteration.IsIterable(value)),
        Of("callable", Calls.IsCallable),
        Of("escaped", value => value is Markup),
        Builtin.Of("lower", (budget, value) => TextTests.IsLower(budget.Made(ValueText.Of(value, budget)))),
        Builtin.Of("upper", (budget, value) => TextTests.IsUpper(budget.Made(ValueText.Of(value, budget)))),
        Builtin.Of("odd", (budget, value) => LeavesRest(value, 2, 1, budget)),
        Builtin.Of("even", (budget, value) => LeavesRest(value, 2, 0, budget)),
        Builtin.Of("divisibleby", [Required("num")], (budget, value, a) => Equality.AreEqual(
            Arithmetic.Apply("%", value, a[0], budget), BigInteger.Zero, budget)),
        Builtin.Of("sameas", [Required("other")], (budget, value, a) => AreSame(value, a[0], budget)),
        Builtin.Of("in", [Required("seq")], (budget, value, a) => Iteration.Contains(a[0], value, budget)),
        Builtin.Of("filter", (_, value) => Markup.TextOf(value) is { } name && Filters.Exists(name)),
        Builtin.Of("test", (_, value) => Markup.TextOf(value) is { } name && Exists(name)),
        Comparison("eq", Equality.AreEqual),
        Comparison("equalto", Equality.AreEqual),
        Comparison("==", Equality.AreEqual),
        Comparison("ne", (left, right, budget) => !Equality.AreEqual(left, right, budget)),
        Comparison("!=", (left, right, budget) => !Equality.AreEqual(left, right, budget)),
        Order("lt", "<"),
        Order("lessthan", "<"),
        Order("<", "<"),
        Order("le", "<="),
        Order("<=", "<="),
        Order("gt", ">"),
        Order("greaterthan", ">"),
        Order(">", ">"),
        Order("ge", ">="),
        Order(">=", ">="),
    }.ToFrozenDictionary(test => test.Name, StringComparer.Ordinal);

    public static bool Exists(string name) => All.ContainsKey(name);

    public static object? Apply(string name, object? subject, Arguments arguments, Budget budget)
    {
        budget.Spend();
        return All.TryGetValue(name, out var test)
            ? test.Call(budget, subject, arguments)
            : throw TemplateException.Runtime($"No test named '{name}'.");
    }

    private static Builtin Of(string name, Func<object?, bool> test) => Builtin.Of(name, (_, value) => test(value));

    private static Builtin Comparison(string name, Func<object?, object?, Budget, bool> compare) =>
        Builtin.Of(name, [Required("other")], (budget, value, a) => compare(value, a[0], budget));

    private static Builtin Order(string name, string comparison) =>
        Comparison(name, (left, right, budget) => Ordering.Compare(comparison, left, right, budget));

    private static bool LeavesRest(object? value, int divisor, int rest, Budget budget) =>
        Equality.AreEqual(Arithmetic.Apply("%", value, new BigInteger(divisor), budget), new BigInteger(rest), budget);

    /// <summary>Equal values of a kind that can't be changed are one object, as far as a template can tell.</summary>
    private static bool AreSame(object? left, object? right, Budget budget) => (left, right) switch
    {
        (bool, bool) or (BigInteger, BigInteger) or (double, double) or (string, string) => Equality.AreSameOrEqual(left, right, budget),
        _ => ReferenceEquals(left, right),
    };
}

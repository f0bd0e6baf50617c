using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Filters that go from item to item, each one only when it is asked for: <c>map</c>, <c>select</c> and their like.</summary>
internal static class SelectionFilters
{
    public static IReadOnlyList<Builtin> All { get; } =
    [
        new("map", (budget, value, arguments) => new GeneratorValue("generator object do_map", Map(value, arguments, budget))),
        new("select", (budget, value, arguments) => Selection("select", value, arguments, byAttribute: false, keeps: true, budget)),
        new("reject", (budget, value, arguments) => Selection("reject", value, arguments, byAttribute: false, keeps: false, budget)),
        new("selectattr", (budget, value, arguments) => Selection("selectattr", value, arguments, byAttribute: true, keeps: true, budget)),
        new("rejectattr", (budget, value, arguments) => Selection("rejectattr", value, arguments, byAttribute: true, keeps: false, budget)),
        Builtin.Of("unique", [Parameter.Optional("case_sensitive", false), Parameter.Optional("attribute")], (budget, value, a) =>
            new GeneratorValue("generator object do_unique", Unique(value, Iteration.IsTrue(a[0]), a[1], budget))),
    ];

    private static IEnumerable<object?> Map(object? value, Arguments arguments, Budget budget)
    {
        if (!Iteration.IsTrue(value))
            yield break;
        var map = Mapping(arguments, budget);
        foreach (var item in Iteration.Over(value, budget))
            yield return map(item);
    }

    private static Func<object?, object?> Mapping(Arguments arguments, Budget budget)
    {
        if (arguments.Positional.Count == 0 && arguments.TryGet("attribute", out var attribute))
        {
            arguments.TryGet("default", out var fallback);
            foreach (var (name, _) in arguments.ByName)
            {
                if (name is not ("attribute" or "default"))
                    throw new TemplateException("FilterArgumentError", $"Unexpected keyword argument '{name}'");
            }

            return ItemGetter.Of(attribute, ignoresCase: false, fallback, budget);
        }

        if (arguments.Positional.Count == 0)
            throw new TemplateException("FilterArgumentError", "map requires a filter argument");
        var filter = TextArguments.Text(arguments.Positional[0], "filter name");
        var rest = arguments with { Positional = [.. arguments.Positional.Skip(1)] };
        return item => Filters.Apply(filter, item, rest, budget);
    }

    private static GeneratorValue Selection(string name, object? value, Arguments arguments, bool byAttribute, bool keeps, Budget budget) =>
        new("generator object select_or_reject", Select(name, value, arguments, byAttribute, keeps, budget));

    private static IEnumerable<object?> Select(string name, object? value, Arguments arguments, bool byAttribute, bool keeps, Budget budget)
    {
        if (!Iteration.IsTrue(value))
            yield break;
        var test = Condition(name, arguments, byAttribute, budget);
        foreach (var item in Iteration.Over(value, budget))
        {
            if (test(item) == keeps)
                yield return item;
        }
    }

    private static Func<object?, bool> Condition(string name, Arguments arguments, bool byAttribute, Budget budget)
    {
        var positional = arguments.Positional;
        if (byAttribute && positional.Count == 0)
            throw new TemplateException("FilterArgumentError", $"Missing parameter for attribute name of {name}");
        var getter = ItemGetter.Of(byAttribute ? positional[0] : null, ignoresCase: false, null, budget);
        var used = byAttribute ? 1 : 0;
        if (positional.Count == used)
            return item => Iteration.IsTrue(getter(item));
        var test = TextArguments.Text(positional[used], "test name");
        var rest = arguments with { Positional = [.. positional.Skip(used + 1)] };
        return item => Iteration.IsTrue(NamedTests.Apply(test, getter(item), rest, budget));
    }

    private static IEnumerable<object?> Unique(object? value, bool caseSensitive, object? attribute, Budget budget)
    {
        var getter = ItemGetter.Of(attribute, !caseSensitive, null, budget);
        var seen = new DictValue(budget);
        foreach (var item in Iteration.Over(value, budget))
        {
            var key = getter(item);
            if (seen.TryGet(key, out _))
                continue;
            seen.Set(key, null);
            yield return item;
        }
    }
}

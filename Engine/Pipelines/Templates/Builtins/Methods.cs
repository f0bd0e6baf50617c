using System.Collections.Frozen;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>The methods of texts, lists, tuples, dicts and ranges, by the names that Python gives them.</summary>
internal static class Methods
{
    private static readonly FrozenDictionary<string, Builtin> OfText = Table(
        [.. TextMethods.All, .. TextTests.All, .. TextSearchMethods.All, .. TextSplitting.All]);

    private static readonly FrozenDictionary<string, Builtin> OfList = Table(ListMethods.All);
    private static readonly FrozenDictionary<string, Builtin> OfTuple = Table(ListMethods.Reading);
    private static readonly FrozenDictionary<string, Builtin> OfDict = Table(DictMethods.All);

    /// <summary>A method bound to its value; null if the value has none of that name.</summary>
    public static FunctionValue? Find(object? target, string name, Budget budget)
    {
        var methods = target switch
        {
            string or Markup => OfText,
            List<object?> => OfList,
            TupleValue or RangeValue => OfTuple,
            DictValue => OfDict,
            _ => null,
        };
        return methods is not null && methods.TryGetValue(name, out var method)
            ? new FunctionValue($"<built-in method {name} of {TypeName.Of(target)} object>", arguments => Call(method, target, arguments, budget))
            : null;
    }

    private static object? Call(Builtin method, object? target, Arguments arguments, Budget budget)
    {
        if (target is not Markup markup)
            return method.Call(budget, target, arguments);
        return method.Name switch
        {
            "join" => new Markup(TextMethods.Join(markup.Text, Escaped(Builtin.Bind("join", [Parameter.Required("iterable")], arguments)[0], budget), budget)),
            "format" or "format_map" => new Markup((string)BraceFormat.Call(markup.Text, method.Name, arguments, isEscaping: true, budget)!),
            "replace" => new Markup((string)method.Call(budget, markup.Text, EscapeSecond(arguments, budget))!),
            _ => AsMarkup(method.Call(budget, markup.Text, arguments)),
        };
    }

    private static IEnumerable<object?> Escaped(object? items, Budget budget) =>
        Iteration.Over(items, budget).Select(object? (item) => Markup.Of(item, budget).Text);

    private static Arguments EscapeSecond(Arguments arguments, Budget budget) => arguments with
    {
        Positional = [.. arguments.Positional.Select((value, index) => index == 1 ? Markup.Of(value, budget).Text : value)],
    };

    private static object? AsMarkup(object? result) => result switch
    {
        string text => new Markup(text),
        List<object?> list => list.ConvertAll(AsMarkup),
        TupleValue tuple => new TupleValue([.. tuple.Items.Select(AsMarkup)]),
        _ => result,
    };

    private static FrozenDictionary<string, Builtin> Table(IEnumerable<Builtin> builtins) =>
        builtins.ToFrozenDictionary(builtin => builtin.Name, StringComparer.Ordinal);
}

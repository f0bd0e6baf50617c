using System.Globalization;
using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>The argument <c>attribute</c> of filters: a path such as <c>address.city</c> or <c>0.name</c>, or several with commas between them.</summary>
internal static class ItemGetter
{
    /// <summary>Gives the item that the path leads to; the item itself without a path.</summary>
    /// <param name="ignoresCase">Texts are given in small letters, to be compared.</param>
    /// <param name="fallback">Stands in for what isn't there, unless it is None.</param>
    public static Func<object?, object?> Of(object? attribute, bool ignoresCase, object? fallback, Budget budget)
    {
        var path = Parts(attribute);
        return item =>
        {
            foreach (var part in path)
            {
                item = Access.Item(item, part, budget);
                if (item is Undefined && fallback is not null)
                    item = fallback;
            }

            return ignoresCase ? IgnoreCase(item, budget) : item;
        };
    }

    /// <summary>For sorting by several paths at once: gives a list of what they lead to.</summary>
    public static Func<object?, object?> OfMany(object? attribute, bool ignoresCase, Budget budget)
    {
        var getters = attribute is string text
            ? text.Split(',').Select(path => Of(path, ignoresCase, null, budget)).ToArray()
            : [Of(attribute, ignoresCase, null, budget)];
        return getters is [var only] ? only : item => new List<object?>(getters.Select(getter => getter(item)));
    }

    public static object? IgnoreCase(object? value, Budget budget) => value switch
    {
        string text => TextMethods.Lower(budget.Made(text)),
        Markup markup => new Markup(TextMethods.Lower(budget.Made(markup.Text))),
        _ => value,
    };

    private static object?[] Parts(object? attribute) => attribute switch
    {
        null => [],
        string path => [.. path.Split('.').Select(part => part.Length is > 0 and < 10 && part.All(char.IsAsciiDigit)
            ? BigInteger.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture)
            : (object?)part)],
        _ => [attribute],
    };
}

using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Methods of dicts.</summary>
internal static class DictMethods
{
    private static readonly object NotGiven = new();

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Builtin.Of("clear", (_, self) =>
        {
            Dict(self).Clear();
            return null;
        }),
        Builtin.Of("copy", (_, self) => Dict(self).Copy()),
        Builtin.Of("get", [Required("key"), Optional("default")], (_, self, a) => Dict(self).TryGet(a[0], out var value) ? value : a[1]),
        Builtin.Of("items", (_, self) => new DictView(Dict(self), DictView.Part.Items)),
        Builtin.Of("keys", (_, self) => new DictView(Dict(self), DictView.Part.Keys)),
        Builtin.Of("values", (_, self) => new DictView(Dict(self), DictView.Part.Values)),
        Builtin.Of("pop", [Required("key"), Optional("default", NotGiven)], (budget, self, a) =>
            Dict(self).Remove(a[0], out var value) ? value
            : ReferenceEquals(a[1], NotGiven) ? throw MissingKey(a[0], budget) : a[1]),
        Builtin.Of("popitem", (_, self) => PopLast(Dict(self))),
        Builtin.Of("setdefault", [Required("key"), Optional("default")], (_, self, a) =>
        {
            if (Dict(self).TryGet(a[0], out var value))
                return value;
            Dict(self).Set(a[0], a[1]);
            return a[1];
        }),
        new("update", (budget, self, arguments) =>
        {
            Fill(Dict(self), arguments, "update", budget);
            return null;
        }),
    ];

    /// <summary>Sets items as <c>dict()</c> takes them: a mapping or pairs, and keyword arguments after them.</summary>
    public static void Fill(DictValue dict, Arguments arguments, string function, Budget budget)
    {
        if (arguments.Positional.Count > 1)
            throw TemplateException.Type($"{function} expected at most 1 argument, got {arguments.Positional.Count}");
        switch (arguments.Positional)
        {
            case [DictValue other]:
                foreach (var (key, value) in other.Copy().Items())
                    dict.Set(key, value);
                break;
            case [NamespaceValue names] when function == "namespace":
                foreach (var (key, value) in names.Attributes.Items())
                    dict.Set(key, value);
                break;
            case [var pairs]:
                foreach (var pair in Iteration.Over(pairs, budget))
                {
                    var items = Iteration.ToList(pair, budget);
                    if (items.Count != 2)
                        throw TemplateException.Value($"dictionary update sequence element has length {items.Count}; 2 is required");
                    dict.Set(items[0], items[1]);
                }

                break;
            default:
                break;
        }

        foreach (var (name, value) in arguments.ByName)
            dict.Set(name, value);
    }

    private static DictValue Dict(object? self) => (DictValue)self!;

    private static TemplateException MissingKey(object? key, Budget budget) => new("KeyError", ValueText.Repr(key, budget));

    private static TupleValue PopLast(DictValue dict)
    {
        if (dict.Count == 0)
            throw new TemplateException("KeyError", "popitem(): dictionary is empty");
        var (key, _) = dict.At(dict.Count - 1);
        dict.Remove(key, out var value);
        return TupleValue.Of(key, value);
    }
}

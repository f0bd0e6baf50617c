using System.Collections.Frozen;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>
/// Jinja's filters by name (https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-filters), but for those that make HTML
/// (<c>urlize</c>, <c>xmlattr</c>, <c>wordwrap</c>), print for debugging (<c>pprint</c>), or give another result each time (<c>random</c>).
/// </summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Builtin> All = Table(
        [.. TextFilters.All, .. NumberFilters.All, .. SequenceFilters.All, .. SelectionFilters.All]);

    public static bool Exists(string name) => All.ContainsKey(name);

    public static object? Apply(string name, object? subject, Arguments arguments, Budget budget)
    {
        budget.Spend();
        TemplateLimits.EnsureStack();
        return All.TryGetValue(name, out var filter)
            ? filter.Call(budget, subject, arguments)
            : throw TemplateException.Runtime($"No filter named '{name}'.");
    }

    private static FrozenDictionary<string, Builtin> Table(IEnumerable<Builtin> builtins) =>
        builtins.ToFrozenDictionary(builtin => builtin.Name, StringComparer.Ordinal);
}

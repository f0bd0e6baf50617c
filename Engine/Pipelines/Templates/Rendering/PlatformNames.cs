using System.Globalization;
using Rat.Engine.Pipelines.Templates.Builtins;
using Rat.Engine.Pipelines.Templates.Values;
using Rat.Storage;

namespace Rat.Engine.Pipelines.Templates.Rendering;

/// <summary>The functions and variables of the platform, as values of the language.</summary>
internal sealed class PlatformNames(TemplateContext context)
{
    private readonly LazyText _this = Lazily("RefResolutionError", context.This);
    private readonly LazyText? _previous = context.Previous is null ? null : Lazily("RefResolutionError", context.Previous);

    public bool TryFind(string name, out object? value)
    {
        value = name switch
        {
            "this" => _this,
            "previous" => _previous,
            "run_started_at" => context.RunStartedAt,
            "watermark_value" => context.WatermarkValue,
            "ref" => new FunctionValue($"<function {name}>", Ref),
            "landing_zone" => TakingText(name, text => Lazily("LandingZoneError", () => context.LandingZone(text))),
            "is_incremental" => Question(name, context.Strategy == MergeStrategy.Incremental && context.TargetHasRows),
            "is_scd2" => Question(name, context.Strategy == MergeStrategy.Scd2),
            "is_snapshot" => Question(name, context.Strategy == MergeStrategy.Snapshot),
            "is_append_only" => Question(name, context.Strategy == MergeStrategy.AppendOnly),
            "is_delete_insert" => Question(name, context.Strategy == MergeStrategy.DeleteInsert),
            _ => null,
        };
        return value is not null || name == "watermark_value";
    }

    private static FunctionValue Question(string name, bool answer) =>
        FunctionValue.WithoutArguments($"<function {name}>", () => answer);

    private LazyText Ref(Arguments arguments)
    {
        // By its name only: ref('layer', 'name') is a mistake.
        arguments.TryGet("at", out var at);
        var others = arguments with { ByName = [.. arguments.ByName.Where(argument => argument.Name != "at")] };
        var text = TextArguments.Text(Builtin.Bind("ref", [Parameter.Required("name")], others)[0], "ref() argument");
        var point = at is null ? null : at is not bool && Numbers.AsInteger(at) is { } id ? id.ToString(CultureInfo.InvariantCulture) : TextArguments.Text(at, "ref() argument at");
        return Lazily("RefResolutionError", () => point is null ? context.Ref(text) : context.RefAt(text, point));
    }

    private static FunctionValue TakingText(string name, Func<string, object?> function) => new($"<function {name}>", arguments =>
        function(TextArguments.Text(Builtin.Bind(name, [Parameter.Required("name")], arguments)[0], $"{name}() argument")));

    private static LazyText Lazily(string error, Func<Outcome<string>> find) => new(() =>
    {
        var found = find();
        return found.Succeeded ? found.Value : throw TemplateException.From(error, found.Failure);
    });
}

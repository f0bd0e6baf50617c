using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Rendering;

/// <summary>The part that makes and calls macros.</summary>
internal sealed partial class Interpreter
{
    private MacroValue MakeMacro(string? name, MacroDefinition definition)
    {
        var outer = _scope;
        var names = definition.Parameters.Select(parameter => parameter.Name).ToArray();
        return new MacroValue(name, names, definition.UsesByName, definition.UsesRest, definition.UsesCaller, arguments =>
            CallMacro(name, definition, arguments, outer));
    }

    /// <summary>
    /// Renders a macro's body: (1) arguments by place and by name go to their parameters; (2) what is left goes to <c>caller</c>,
    /// <c>kwargs</c> and <c>varargs</c> if the body uses them and is an error if not; (3) defaults fill the rest, each seeing those before it.
    /// </summary>
    private string CallMacro(string? name, MacroDefinition definition, Arguments arguments, Scope outer)
    {
        budget.EnterCall();
        var scope = new Scope(outer);
        var byName = arguments.ByName.ToList();
        var missing = new List<(string Name, Expression? Default)>();

        // 1.
        for (var index = 0; index < definition.Parameters.Count; index++)
        {
            var parameter = definition.Parameters[index];
            if (index < arguments.Positional.Count)
            {
                scope.Set(parameter.Name, arguments.Positional[index]);
            }
            else if (TryTake(byName, parameter.Name, out var value))
            {
                scope.Set(parameter.Name, value);
            }
            else
            {
                scope.Set(parameter.Name, new Undefined($"parameter '{parameter.Name}' was not provided"));
                missing.Add(parameter);
            }
        }

        // 2.
        if (definition.UsesCaller && !definition.Parameters.Any(parameter => parameter.Name == "caller"))
            scope.Set("caller", TryTake(byName, "caller", out var caller) && caller is not null ? caller : new Undefined("No caller defined"));
        if (definition.UsesByName)
            scope.Set("kwargs", ToDict(byName));
        else if (byName.Count > 0)
            throw TemplateException.Type($"macro '{name}' takes no keyword argument '{byName[0].Name}'");
        var rest = arguments.Positional.Skip(definition.Parameters.Count).ToArray();
        if (definition.UsesRest)
            scope.Set("varargs", new TupleValue(rest));
        else if (rest.Length > 0)
            throw TemplateException.Type($"macro '{name}' takes not more than {definition.Parameters.Count} argument(s)");

        // 3.
        var text = "";
        var line = _line;
        InScope(scope, () =>
        {
            foreach (var parameter in missing.Where(parameter => parameter.Default is not null))
                scope.Set(parameter.Name, EvaluateLazily(parameter.Default!));
            text = Capture(() => Run(definition.Body));
        });
        _line = line;
        budget.LeaveCall();
        return text;
    }

    private static bool TryTake(List<(string Name, object? Value)> arguments, string name, out object? value)
    {
        var index = arguments.FindIndex(argument => argument.Name == name);
        value = index < 0 ? null : arguments[index].Value;
        if (index >= 0)
            arguments.RemoveAt(index);
        return index >= 0;
    }

    private DictValue ToDict(List<(string Name, object? Value)> items)
    {
        var dict = new DictValue(budget);
        foreach (var (name, value) in items)
            dict.Set(name, value is LazyText lazy ? lazy.Text : value);
        return dict;
    }
}

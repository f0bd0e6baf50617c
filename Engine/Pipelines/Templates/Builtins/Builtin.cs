using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>A parameter of a filter, test, method or function that comes with the language.</summary>
/// <param name="IsRequired">It has no default.</param>
internal readonly record struct Parameter(string Name, object? Default, bool IsRequired)
{
    public static Parameter Required(string name) => new(name, null, IsRequired: true);

    public static Parameter Optional(string name, object? fallback = null) => new(name, fallback, IsRequired: false);
}

/// <summary>A filter, test or method that comes with the language.</summary>
/// <param name="Call">Gets what it is applied to, and the arguments of the call.</param>
internal sealed record Builtin(string Name, Func<Budget, object?, Arguments, object?> Call)
{
    /// <summary>One with fixed parameters, whose values <paramref name="body"/> gets in their order.</summary>
    public static Builtin Of(string name, Parameter[] parameters, Func<Budget, object?, object?[], object?> body) =>
        new(name, (budget, subject, arguments) => body(budget, subject, Bind(name, parameters, arguments)));

    public static Builtin Of(string name, Func<Budget, object?, object?> body) => Of(name, [], (budget, subject, _) => body(budget, subject));

    /// <summary>The value of each parameter; an error for an argument too many or too few.</summary>
    public static object?[] Bind(string name, Parameter[] parameters, Arguments arguments)
    {
        if (arguments.Positional.Count > parameters.Length)
            throw TemplateException.Type($"{name}() takes at most {parameters.Length} arguments, {arguments.Positional.Count} were given");
        foreach (var (keyword, _) in arguments.ByName)
        {
            var index = Array.FindIndex(parameters, parameter => parameter.Name == keyword);
            if (index < 0)
                throw TemplateException.Type($"{name}() got an unexpected keyword argument '{keyword}'");
            if (index < arguments.Positional.Count)
                throw TemplateException.Type($"{name}() got multiple values for argument '{keyword}'");
        }

        var values = new object?[parameters.Length];
        for (var index = 0; index < values.Length; index++)
        {
            if (index < arguments.Positional.Count)
                values[index] = arguments.Positional[index];
            else if (arguments.TryGet(parameters[index].Name, out var value))
                values[index] = value;
            else if (parameters[index].IsRequired)
                throw TemplateException.Type($"{name}() missing required argument: '{parameters[index].Name}'");
            else
                values[index] = parameters[index].Default;
        }

        return values;
    }
}

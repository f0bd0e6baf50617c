namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>The arguments of one call, evaluated.</summary>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyList<(string Name, object? Value)> ByName)
{
    public static Arguments None { get; } = new([], []);

    public static Arguments Of(params object?[] positional) => new(positional, []);

    public bool TryGet(string name, out object? value)
    {
        foreach (var argument in ByName)
        {
            if (argument.Name == name)
            {
                value = argument.Value;
                return true;
            }
        }

        value = null;
        return false;
    }
}

/// <summary>A function, a class or a bound method.</summary>
/// <param name="Text">What printing it shows.</param>
internal sealed record FunctionValue(string Text, Func<Arguments, object?> Call)
{
    public static FunctionValue WithoutArguments(string text, Func<object?> call) => new(text, arguments =>
        arguments.Positional.Count + arguments.ByName.Count == 0 ? call() : throw TemplateException.Type($"{text} takes no arguments"));
}

/// <param name="ParameterNames">Those that it declares.</param>
internal sealed record MacroValue(
    string? Name, IReadOnlyList<string> ParameterNames, bool CatchesByName, bool CatchesRest, bool TakesCaller, Func<Arguments, object?> Call);

/// <summary>What <c>self</c> is: the template's named blocks as functions.</summary>
internal sealed record BlocksValue(Func<string, FunctionValue?> Find);

/// <summary>What <c>namespace()</c> makes: attributes that <c>set</c> can change from an inner scope.</summary>
internal sealed record NamespaceValue(DictValue Attributes);

/// <summary>What <c>cycler()</c> makes.</summary>
internal sealed class CyclerValue(IReadOnlyList<object?> items)
{
    private int _position;

    public object? Current => items[_position];

    public object? Next()
    {
        var current = Current;
        _position = (_position + 1) % items.Count;
        return current;
    }

    public void Reset() => _position = 0;
}

/// <summary>What <c>joiner()</c> makes: nothing at the first call, the separator at every other.</summary>
internal sealed class JoinerValue(object? separator)
{
    private bool _isUsed;

    public object? Call()
    {
        var result = _isUsed ? separator : "";
        _isUsed = true;
        return result;
    }
}

/// <summary>A text that the platform has to find first. Variables pass it on; whatever uses its value asks for it.</summary>
internal sealed class LazyText(Func<string> find)
{
    private string? _text;

    public string Text => _text ??= find();
}

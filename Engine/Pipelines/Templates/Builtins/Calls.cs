using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Calls whatever can be called.</summary>
internal static class Calls
{
    public static bool IsCallable(object? value) =>
        value is FunctionValue or MacroValue or JoinerValue or LoopValue or Undefined;

    public static object? Call(object? target, Arguments arguments) => target switch
    {
        FunctionValue function => function.Call(arguments),
        MacroValue macro => macro.Call(arguments),
        JoinerValue joiner when arguments.Positional.Count + arguments.ByName.Count == 0 => joiner.Call(),
        LoopValue loop => CallLoop(loop, arguments),
        Undefined undefined => throw undefined.Used(),
        _ => throw TemplateException.Type($"'{TypeName.Of(target)}' object is not callable"),
    };

    private static object? CallLoop(LoopValue loop, Arguments arguments)
    {
        if (loop.Recurse is null)
            throw TemplateException.Type("The loop must have the 'recursive' marker to be called recursively.");
        return loop.Recurse(Builtin.Bind("loop", [Parameter.Required("iterable")], arguments)[0]);
    }
}

using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>
/// Names of the types of values. A value is null (None), <see cref="bool"/>, <see cref="BigInteger"/>, <see cref="double"/>,
/// <see cref="string"/>, <see cref="Markup"/>, a list (<see cref="List{T}"/> of values) or one of the classes of this folder.
/// </summary>
internal static class TypeName
{
    public static string Of(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        string => "str",
        Markup => "Markup",
        List<object?> => "list",
        TupleValue => "tuple",
        DictValue => "dict",
        DictView view => view.TypeName,
        RangeValue => "range",
        GeneratorValue => "generator",
        NamespaceValue => "Namespace",
        Undefined => "StrictUndefined",
        FunctionValue => "function",
        MacroValue => "Macro",
        LoopValue => "LoopContext",
        CyclerValue => "Cycler",
        JoinerValue => "Joiner",
        BlocksValue => "TemplateReference",
        _ => "object",
    };
}

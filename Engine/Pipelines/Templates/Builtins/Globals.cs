using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>The functions that every Jinja template has.</summary>
internal static class Globals
{
    private const string FillerText =
        "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua";

    private const int MaxFillerWords = 10_000;

    public static object? Find(string name, Budget budget) => name switch
    {
        "range" => new FunctionValue("<class 'range'>", Range),
        "dict" => new FunctionValue("<class 'dict'>", arguments => Dict(arguments, name, budget)),
        "namespace" => new FunctionValue("<class 'jinja2.utils.Namespace'>", arguments => new NamespaceValue(Dict(arguments, name, budget))),
        "cycler" => new FunctionValue("<class 'jinja2.utils.Cycler'>", arguments => arguments switch
        {
            { ByName.Count: > 0 } => throw TemplateException.Type("cycler() takes no keyword arguments"),
            { Positional.Count: 0 } => throw new TemplateException("RuntimeError", "at least one item has to be provided"),
            _ => new CyclerValue(arguments.Positional),
        }),
        "joiner" => new FunctionValue("<class 'jinja2.utils.Joiner'>", arguments =>
            new JoinerValue(Builtin.Bind("joiner", [Parameter.Optional("sep", ", ")], arguments)[0])),
        "lipsum" => new FunctionValue("<function lipsum>", arguments => FillerParagraphs(arguments, budget)),
        _ => null,
    };

    private static RangeValue Range(Arguments arguments)
    {
        if (arguments.ByName.Count > 0)
            throw TemplateException.Type("range() takes no keyword arguments");
        var numbers = arguments.Positional.Select(value => value switch
        {
            Undefined undefined => throw undefined.Used(),
            _ => Numbers.AsInteger(value) ?? throw TemplateException.Type($"'{TypeName.Of(value)}' object cannot be interpreted as an integer"),
        }).ToArray();
        return numbers switch
        {
            [var stop] => RangeValue.Create(0, stop, 1),
            [var start, var stop] => RangeValue.Create(start, stop, 1),
            [var start, var stop, var step] => RangeValue.Create(start, stop, step),
            _ => throw TemplateException.Type($"range expected 1 to 3 arguments, got {numbers.Length}"),
        };
    }

    private static DictValue Dict(Arguments arguments, string function, Budget budget)
    {
        var dict = new DictValue(budget);
        DictMethods.Fill(dict, arguments, function, budget);
        return dict;
    }

    /// <summary>Filler text. Jinja's is drawn by lot; ours is the same each time, so that a template stays the same SQL.</summary>
    private static object FillerParagraphs(Arguments arguments, Budget budget)
    {
        var values = Builtin.Bind("lipsum",
        [
            Parameter.Optional("n", new BigInteger(5)), Parameter.Optional("html", true),
            Parameter.Optional("min", new BigInteger(20)), Parameter.Optional("max", new BigInteger(100)),
        ], arguments);
        var isHtml = Iteration.IsTrue(values[1]);
        var (least, most) = (Numbers.ToInt32(values[2], "min"), Numbers.ToInt32(values[3], "max"));
        var words = FillerText.Split(' ');
        var paragraphs = new BoundedText(budget);
        for (var paragraph = 0; paragraph < Numbers.ToInt32(values[0], "n"); paragraph++)
        {
            var count = (int)Math.Clamp(((long)least + most - 1) / 2, 0, MaxFillerWords);
            var text = string.Join(' ', Enumerable.Range(0, count).Select(index => words[(index + paragraph) % words.Length]));
            text = TextMethods.Capitalize(text) + ".";
            paragraphs.Append(paragraph == 0 ? "" : isHtml ? "\n" : "\n\n").Append(isHtml ? $"<p>{text}</p>" : text);
        }

        return isHtml ? new Markup(paragraphs.ToString()) : paragraphs.ToString();
    }
}

using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>What the filter <c>tojson</c> writes: JSON with sorted keys in ASCII, without the letters that HTML would read as its own.</summary>
internal sealed class JsonText
{
    private readonly BoundedText _text;
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);
    private readonly string? _indent;
    private readonly Budget _budget;

    private JsonText(string? indent, Budget budget) => (_indent, _budget, _text) = (indent, budget, new BoundedText(budget));

    /// <param name="indent">Spaces of each level as a number, or the text to use; None for one line.</param>
    public static string Of(object? value, object? indent, Budget budget)
    {
        var step = indent is null ? null : Markup.TextOf(indent) ?? new string(' ', Math.Clamp(TextArguments.Count(indent, "indent"), 0, 100));
        var json = new JsonText(step, budget);
        json.Write(value);
        return json._text.ToString();
    }

    private void Write(object? value)
    {
        _budget.Spend();
        switch (value)
        {
            case null:
                _text.Append("null");
                break;
            case bool flag:
                _text.Append(flag ? "true" : "false");
                break;
            case BigInteger or double:
                _text.Append(Number(value));
                break;
            case string or Markup:
                WriteText(Markup.TextOf(value)!);
                break;
            case List<object?> list:
                WriteItems(list, '[', list, Write, ']');
                break;
            case TupleValue tuple:
                WriteItems(tuple, '[', tuple.Items, Write, ']');
                break;
            case DictValue dict:
                WriteItems(dict, '{', Sorted(dict), WriteItem, '}');
                break;
            default:
                throw TemplateException.Type($"Object of type {TypeName.Of(value)} is not JSON serializable");
        }
    }

    private static string Number(object value) => value switch
    {
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        double.NaN => "NaN",
        _ => ValueText.OfSimple(value),
    };

    private List<object?> Sorted(DictValue dict) =>
        Ordering.Sort([.. new DictView(dict, DictView.Part.Items).Items()], item => ((TupleValue)item!).Items[0], false, _budget);

    private void WriteItem(object? item)
    {
        var (key, value) = (((TupleValue)item!).Items[0], ((TupleValue)item).Items[1]);
        WriteText(key switch
        {
            string or Markup => Markup.TextOf(key)!,
            null => "null",
            bool flag => flag ? "true" : "false",
            BigInteger or double => Number(key),
            _ => throw TemplateException.Type($"keys must be str, int, float, bool or None, not {TypeName.Of(key)}"),
        });
        _text.Append(": ");
        Write(value);
    }

    private void WriteItems(object owner, char start, IReadOnlyList<object?> items, Action<object?> write, char end)
    {
        TemplateLimits.EnsureStack();
        if (!_open.Add(owner))
            throw TemplateException.Value("Circular reference detected");
        _text.Append(start);
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
                _text.Append(_indent is null ? ", " : ",");
            NewLine();
            write(items[index]);
        }

        _open.Remove(owner);
        if (items.Count > 0)
            NewLine();
        _text.Append(end);
    }

    private void NewLine()
    {
        if (_indent is null)
            return;
        _text.Append('\n');
        for (var level = 0; level < _open.Count; level++)
            _text.Append(_indent);
    }

    private void WriteText(string text)
    {
        _budget.Read(text);
        _text.Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => _text.Append("\\\""),
                '\\' => _text.Append(@"\\"),
                '\n' => _text.Append(@"\n"),
                '\r' => _text.Append(@"\r"),
                '\t' => _text.Append(@"\t"),
                '\b' => _text.Append(@"\b"),
                '\f' => _text.Append(@"\f"),
                < ' ' or > '\x7e' or '<' or '>' or '&' or '\'' =>
                    _text.Append($"\\u{(int)letter:x4}"),
                _ => _text.Append(letter),
            };
        }

        _text.Append('"');
    }
}

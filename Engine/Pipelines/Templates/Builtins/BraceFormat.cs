using System.Globalization;
using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>
/// <c>'{0} {name.attribute[item]!r:&gt;10}'.format(…)</c> (https://docs.python.org/3/library/string.html#format-string-syntax). Attributes and
/// items are read with the sandbox's rules.
/// </summary>
internal sealed class BraceFormat
{
    private readonly Arguments _arguments;
    private readonly DictValue? _mapping;
    private readonly bool _isEscaping;
    private readonly Budget _budget;
    private int _automatic;
    private bool? _isAutomatic;

    private BraceFormat(Arguments arguments, DictValue? mapping, bool isEscaping, Budget budget) =>
        (_arguments, _mapping, _isEscaping, _budget) = (arguments, mapping, isEscaping, budget);

    /// <param name="method"><c>format</c>, or <c>format_map</c>, whose one argument is a dict of the values.</param>
    /// <param name="isEscaping">The text is markup, so the values are escaped.</param>
    public static object? Call(string text, string method, Arguments arguments, bool isEscaping, Budget budget)
    {
        if (method == "format")
            return new BraceFormat(arguments, null, isEscaping, budget).Format(text, 2);
        var mapping = Builtin.Bind(method, [Parameter.Required("mapping")], arguments)[0] as DictValue
            ?? throw TemplateException.Type("format_map() takes a dict");
        return new BraceFormat(Arguments.None, mapping, isEscaping, budget).Format(text, 2);
    }

    private string Format(string text, int depth)
    {
        if (depth == 0)
            throw TemplateException.Value("Max string recursion exceeded");
        _budget.Read(text);
        var result = new BoundedText(_budget);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter is '{' or '}' && at + 1 < text.Length && text[at + 1] == letter)
                result.Append(text[at++]);
            else if (letter == '{')
                at = Field(text, at + 1, depth, result);
            else if (letter == '}')
                throw TemplateException.Value("Single '}' encountered in format string");
            else
                result.Append(letter);
        }

        return result.ToString();
    }

    /// <summary>Writes the field that starts here and gives the place of its closing brace.</summary>
    private int Field(string text, int start, int depth, BoundedText result)
    {
        var end = start;
        for (var open = 1; ; end++)
        {
            if (end >= text.Length)
                throw TemplateException.Value(start == text.Length ? "Single '{' encountered in format string" : "expected '}' before end of string");
            open += text[end] switch { '{' => 1, '}' => -1, _ => 0 };
            if (open == 0)
                break;
        }

        var field = text[start..end];
        var nameEnd = EndOfName(field);
        var rest = field[nameEnd..];
        char? conversion = null;
        if (rest.StartsWith('!'))
        {
            if (rest.Length < 2 || (rest.Length > 2 && rest[2] != ':'))
                throw TemplateException.Value("expected ':' after conversion specifier");
            conversion = rest[1];
            rest = rest[2..];
        }

        var value = Convert(Value(field[..nameEnd]), conversion);
        var specification = rest.Length > 1 ? Format(rest[1..], depth - 1) : "";
        result.Append(Shown(value, specification));
        return end;
    }

    /// <summary>A bracket may hold what would end the name elsewhere.</summary>
    private static int EndOfName(string field)
    {
        var isInBracket = false;
        for (var at = 0; at < field.Length; at++)
        {
            isInBracket = field[at] switch { '[' => true, ']' => false, _ => isInBracket };
            if (field[at] is '!' or ':' && !isInBracket)
                return at;
        }

        return field.Length;
    }

    private object? Value(string name)
    {
        var end = name.AsSpan().IndexOfAny('.', '[') is >= 0 and var mark ? mark : name.Length;
        var value = First(name[..end]);
        while (end < name.Length)
        {
            if (name[end] == '.')
            {
                var next = name.AsSpan(end + 1).IndexOfAny('.', '[') is >= 0 and var length ? end + 1 + length : name.Length;
                value = next > end + 1
                    ? Access.Attribute(value, name[(end + 1)..next], _budget)
                    : throw TemplateException.Value("Empty attribute in format string");
                end = next;
            }
            else
            {
                var close = name.IndexOf(']', end);
                if (close <= end + 1)
                    throw TemplateException.Value(close < 0 ? "Missing ']' in format string" : "Empty attribute in format string");
                var key = name[(end + 1)..close];
                value = Access.Item(value, key.All(char.IsAsciiDigit) ? Index(key) : key, _budget);
                end = close + 1;
                if (end < name.Length && name[end] is not ('.' or '['))
                    throw TemplateException.Value("Only '.' or '[' may follow ']' in format field specifier");
            }
        }

        return value;
    }

    private object? First(string name)
    {
        var isNumber = name.Length > 0 && name.All(char.IsAsciiDigit);
        if (name.Length > 0 && !isNumber)
        {
            if (_mapping is not null)
                return _mapping.TryGet(name, out var item) ? item : throw new TemplateException("KeyError", ValueText.Quoted(name));
            return _arguments.TryGet(name, out var value) ? value : throw new TemplateException("KeyError", ValueText.Quoted(name));
        }

        if (_isAutomatic is { } isAutomatic && isAutomatic == isNumber)
            throw TemplateException.Value("cannot switch between manual field specification and automatic field numbering");
        _isAutomatic = !isNumber;
        var index = isNumber ? Index(name) : _automatic++;
        return index < _arguments.Positional.Count
            ? _arguments.Positional[(int)index]
            : throw new TemplateException("IndexError", $"Replacement index {index} out of range for positional args tuple");
    }

    private static BigInteger Index(string digits) => digits.Length <= 9
        ? BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
        : throw TemplateException.Value("Too many decimal digits in format string");

    private object? Convert(object? value, char? conversion) => conversion switch
    {
        null => value,
        's' => ValueText.Of(value, _budget),
        'r' => ValueText.Repr(value, _budget),
        'a' => PrintfFormat.Ascii(ValueText.Repr(value, _budget)),
        _ => throw TemplateException.Value($"Unknown conversion specifier {conversion}"),
    };

    private string Shown(object? value, string specification)
    {
        if (_isEscaping && value is Markup markup)
        {
            return specification.Length == 0
                ? markup.Text
                : throw TemplateException.Value("Unsupported format specification for Markup.");
        }

        var text = FormatSpec.Format(value, specification, _budget);
        return _isEscaping ? Markup.Escape(text, _budget) : text;
    }
}

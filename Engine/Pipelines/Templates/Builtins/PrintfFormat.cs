using System.Globalization;
using System.Numerics;
using System.Text;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary><c>'%s %05.2f %(name)r' % values</c> (https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting).</summary>
internal sealed class PrintfFormat
{
    private const int MaxPrecision = 1000;

    private readonly string _format;
    private readonly object? _values;
    private readonly bool _isEscaping;
    private readonly Budget _budget;
    private readonly BoundedText _result;
    private int _at;
    private int _used;

    private PrintfFormat(string format, object? values, bool isEscaping, Budget budget) =>
        (_format, _values, _isEscaping, _budget, _result) = (format, values, isEscaping, budget, new BoundedText(budget));

    /// <param name="values">A tuple of values, a dict of them, or the only one.</param>
    public static object Apply(object? format, object? values, Budget budget)
    {
        var text = new PrintfFormat(Markup.TextOf(format)!, values, format is Markup, budget).Format();
        return format is Markup ? new Markup(text) : text;
    }

    /// <summary>Without letters beyond ASCII, which become escapes.</summary>
    public static string Ascii(string quoted) => string.Concat(quoted.EnumerateRunes().Select(rune => rune.Value switch
    {
        < 0x80 => rune.ToString(),
        <= 0xff => $"\\x{rune.Value:x2}",
        <= 0xffff => $"\\u{rune.Value:x4}",
        _ => $"\\U{rune.Value:x8}",
    }));

    private bool IsMapping => _values is DictValue or List<object?> or RangeValue;

    private string Format()
    {
        _budget.Read(_format);
        while (_at < _format.Length)
        {
            var letter = _format[_at++];
            if (letter == '%')
                Conversion();
            else
                _result.Append(letter);
        }

        var count = _values is TupleValue tuple ? tuple.Items.Count : 1;
        if (_used < count && !IsMapping)
            throw TemplateException.Type("not all arguments converted during string formatting");
        return _result.ToString();
    }

    private void Conversion()
    {
        object? keyed = null;
        var isKeyed = Peek() == '(';
        if (isKeyed)
            keyed = ByKey();
        var flags = Flags();
        var width = Amount() ?? 0;
        if (width < 0)
            flags |= Flag.Left;
        int? precision = null;
        if (Peek() == '.')
        {
            _at++;
            precision = Math.Max(Amount() ?? 0, 0);
        }

        if (Peek() is 'l' or 'h' or 'L')
            _at++;
        if (Peek() is not { } type)
            throw TemplateException.Value("incomplete format");
        _at++;
        if (type == '%')
        {
            _result.Append('%');
            return;
        }

        if (precision > MaxPrecision)
            throw TemplateException.Value("precision too big");
        if (!"diouxXeEfFgGcrsa".Contains(type, StringComparison.Ordinal))
            throw TemplateException.Value($"unsupported format character '{type}' (0x{(int)type:x}) at index {_at - 1}");
        var (sign, body) = Convert(isKeyed ? keyed : Next(), type, precision, flags);
        _result.Append(Padded(sign, body, Math.Abs(width), flags, isNumber: type is not ('c' or 'r' or 's' or 'a')));
    }

    [Flags]
    private enum Flag
    {
        None = 0,
        Left = 1,
        Plus = 2,
        Space = 4,
        Alternate = 8,
        Zero = 16,
    }

    private char? Peek() => _at < _format.Length ? _format[_at] : null;

    private object? ByKey()
    {
        if (_values is not DictValue dict)
            throw TemplateException.Type("format requires a mapping");
        var start = ++_at;
        for (var open = 1; ; _at++)
        {
            if (_at >= _format.Length)
                throw TemplateException.Value("incomplete format key");
            open += _format[_at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (open == 0)
                break;
        }

        var key = _format[start.._at++];
        return dict.TryGet(key, out var value) ? value : throw new TemplateException("KeyError", ValueText.Quoted(key));
    }

    private Flag Flags()
    {
        var flags = Flag.None;
        while (true)
        {
            var flag = Peek() switch
            {
                '-' => Flag.Left,
                '+' => Flag.Plus,
                ' ' => Flag.Space,
                '#' => Flag.Alternate,
                '0' => Flag.Zero,
                _ => Flag.None,
            };
            if (flag == Flag.None)
                return flags;
            flags |= flag;
            _at++;
        }
    }

    /// <summary>A width or precision: digits, or <c>*</c> for the next value.</summary>
    private int? Amount()
    {
        if (Peek() == '*')
        {
            _at++;
            return Numbers.ToInt32(Next(), "* wants int");
        }

        var start = _at;
        while (Peek() is { } digit && char.IsAsciiDigit(digit))
            _at++;
        if (start == _at)
            return null;
        return int.TryParse(_format.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw TemplateException.Value("width too big");
    }

    private object? Next()
    {
        var values = _values is TupleValue tuple ? tuple.Items : [_values];
        return _used < values.Count ? values[_used++] : throw TemplateException.Type("not enough arguments for format string");
    }

    private (string Sign, string Body) Convert(object? value, char type, int? precision, Flag flags)
    {
        switch (type)
        {
            case 's':
                return ("", Cut(Escaped(value, ValueText.Of(value, _budget)), precision));
            case 'r':
                return ("", Cut(Escaped(null, ValueText.Repr(value, _budget)), precision));
            case 'a':
                return ("", Cut(Escaped(null, Ascii(ValueText.Repr(value, _budget))), precision));
            case 'c':
                return ("", Character(value));
            case 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                var number = Float(value);
                return (SignOf(double.IsNegative(number) && !double.IsNaN(number), flags),
                    FloatText.Format(Math.Abs(number), type, precision ?? 6, flags.HasFlag(Flag.Alternate)));
            default:
                return OfInteger(Integer(value, type), type, precision, flags);
        }
    }

    private string Escaped(object? value, string text) => _isEscaping && value is not Markup ? Markup.Escape(text, _budget) : text;

    private static string Cut(string text, int? precision) =>
        precision is { } length && length < CodePoints.Count(text) ? CodePoints.Slice(text, 0, length) : text;

    private static string Character(object? value)
    {
        Undefined.ThrowIf(value);
        if (Markup.TextOf(value) is { } text && CodePoints.Count(text) == 1)
            return text;
        if (Numbers.AsInteger(value) is not { } number)
            throw TemplateException.Type("%c requires int or char");
        return number.Sign >= 0 && number <= 0x10ffff && Rune.TryCreate((int)number, out var rune)
            ? rune.ToString()
            : throw TemplateException.Overflow("%c arg not in range(0x110000)");
    }

    private static double Float(object? value) => value switch
    {
        Undefined undefined => throw undefined.Used(),
        _ => Numbers.AsFloat(value) ?? throw TemplateException.Type($"must be real number, not {TypeName.Of(value)}"),
    };

    private static BigInteger Integer(object? value, char type)
    {
        Undefined.ThrowIf(value);
        if (value is double number && type is 'd' or 'i' or 'u')
            return Conversions.Truncate(number);
        return Numbers.AsInteger(value) ?? throw TemplateException.Type(type is 'd' or 'i' or 'u'
            ? $"%{type} format: a real number is required, not {TypeName.Of(value)}"
            : $"%{type} format: an integer is required, not {TypeName.Of(value)}");
    }

    private static (string Sign, string Body) OfInteger(BigInteger number, char type, int? precision, Flag flags)
    {
        var magnitude = BigInteger.Abs(number);
        var (prefix, digits) = type switch
        {
            'x' => ("0x", IntegerText.Hexadecimal(magnitude)),
            'X' => ("0X", IntegerText.Hexadecimal(magnitude).ToUpperInvariant()),
            'o' => ("0o", IntegerText.Octal(magnitude)),
            _ => ("", magnitude.ToString(CultureInfo.InvariantCulture)),
        };
        return (SignOf(number.Sign < 0, flags) + (flags.HasFlag(Flag.Alternate) ? prefix : ""), digits.PadLeft(precision ?? 0, '0'));
    }

    private static string SignOf(bool isNegative, Flag flags) =>
        isNegative ? "-" : flags.HasFlag(Flag.Plus) ? "+" : flags.HasFlag(Flag.Space) ? " " : "";

    private string Padded(string sign, string body, int width, Flag flags, bool isNumber)
    {
        var missing = width - sign.Length - CodePoints.Count(body);
        if (missing <= 0)
            return sign + body;
        _budget.MakeText(missing);
        if (flags.HasFlag(Flag.Left))
            return sign + body + new string(' ', missing);
        return flags.HasFlag(Flag.Zero) && isNumber
            ? sign + new string('0', missing) + body
            : new string(' ', missing) + sign + body;
    }
}

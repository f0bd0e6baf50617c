using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Values as text: what Python's <c>str</c> and <c>repr</c> make of them.</summary>
internal static class ValueText
{
    /// <summary>What printing a value shows.</summary>
    public static string Of(object? value, Budget budget) => value switch
    {
        string text => text,
        Markup markup => markup.Text,
        Undefined { IsStrict: true } undefined => throw undefined.Used(),
        Undefined => "",
        _ => Repr(value, budget),
    };

    /// <summary>What a value looks like inside a list.</summary>
    public static string Repr(object? value, Budget budget)
    {
        if (value is null or bool or BigInteger or double)
            return OfSimple(value);
        var text = new Writer(budget);
        text.Write(value);
        return text.ToString();
    }

    /// <summary>None, a boolean or a number.</summary>
    public static string OfSimple(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        double number => FloatText.Shortest(number),
        _ => ((BigInteger)value).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>A text in quotes, with escapes for what can't be seen.</summary>
    public static string Quoted(string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder(text.Length + 2);
        quoted.Append(quote);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => quoted.Append(@"\\"),
                '\n' => quoted.Append(@"\n"),
                '\r' => quoted.Append(@"\r"),
                '\t' => quoted.Append(@"\t"),
                _ when rune.Value == quote => quoted.Append('\\').Append(quote),
                _ when IsPrintable(rune) => quoted.Append(rune.ToString()),
                <= 0xff => quoted.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                <= 0xffff => quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
                _ => quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}"),
            };
        }

        return quoted.Append(quote).ToString();
    }

    public static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    private sealed class Writer(Budget budget)
    {
        private readonly BoundedText _text = new(budget);
        private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

        public override string ToString() => _text.ToString();

        public void Write(object? value)
        {
            budget.Spend();
            switch (value)
            {
                case null or bool or BigInteger or double:
                    _text.Append(OfSimple(value));
                    break;
                case string text:
                    _text.Append(Quoted(text));
                    break;
                case Markup markup:
                    _text.Append($"Markup({Quoted(markup.Text)})");
                    break;
                case List<object?> list:
                    WriteItems(list, "[", list, "]", "[...]");
                    break;
                case TupleValue tuple:
                    WriteItems(tuple, "(", tuple.Items, tuple.Items.Count == 1 ? ",)" : ")", "(...)");
                    break;
                case DictValue dict:
                    WriteDict(dict);
                    break;
                case DictView view:
                    WriteItems(view, $"{view.TypeName}([", view.Items(), "])", "...");
                    break;
                case RangeValue range:
                    _text.Append(range.Step.IsOne ? $"range({range.Start}, {range.Stop})" : $"range({range.Start}, {range.Stop}, {range.Step})");
                    break;
                case NamespaceValue names:
                    _text.Append("<Namespace ");
                    WriteDict(names.Attributes);
                    _text.Append(">");
                    break;
                default:
                    _text.Append(OfOther(value));
                    break;
            }
        }

        /// <summary>Addresses, which Python shows for these, are nothing that a template could use.</summary>
        private static string OfOther(object value) => value switch
        {
            Undefined => "Undefined",
            FunctionValue function => function.Text,
            MacroValue { Name: null } => "<Macro anonymous>",
            MacroValue macro => $"<Macro {Quoted(macro.Name)}>",
            GeneratorValue generator => $"<{generator.Name}>",
            LoopValue loop => $"<LoopContext {loop.Index0 + 1}/{loop.Length}>",
            _ => $"<{TypeName.Of(value)}>",
        };

        private void WriteItems(object owner, string start, IEnumerable<object?> items, string end, string nested)
        {
            if (!Enter(owner, nested))
                return;
            _text.Append(start);
            var isFirst = true;
            foreach (var item in items)
            {
                if (!isFirst)
                    _text.Append(", ");
                isFirst = false;
                Write(item);
            }

            _text.Append(end);
            _open.Remove(owner);
        }

        private void WriteDict(DictValue dict)
        {
            if (!Enter(dict, "{...}"))
                return;
            _text.Append("{");
            var isFirst = true;
            foreach (var (key, value) in dict.Items())
            {
                if (!isFirst)
                    _text.Append(", ");
                isFirst = false;
                Write(key);
                _text.Append(": ");
                Write(value);
            }

            _text.Append("}");
            _open.Remove(dict);
        }

        /// <summary>False for what contains itself, which is abbreviated.</summary>
        private bool Enter(object owner, string nested)
        {
            TemplateLimits.EnsureStack();
            if (_open.Add(owner))
                return true;
            _text.Append(nested);
            return false;
        }
    }
}

using System.Globalization;
using System.Text;

namespace Rat.Tests.Templates;

/// <summary>
/// Makes random templates together with a function that computes their text in the plainest way: each piece of source comes with a closure
/// over the variables, and none of it shares code with the engine.
/// </summary>
internal sealed class TemplateGenerator(Random random)
{
    private static readonly string[] Texts = ["SELECT ", "\n", "  ", "x, y", "-- c\n", "'q'", "{ }", "é😀", ""];
    private static readonly string[] Words = ["", "a", "Bc", "x y", "é", "12", "it's", "a\nb"];
    private int _names;

    internal sealed record Piece(string Source, Func<Variables, string> Text);

    private sealed record Number(string Source, Func<Variables, long> Value);

    private sealed record Word(string Source, Func<Variables, string> Value);

    private sealed record Truth(string Source, Func<Variables, bool> Value);

    /// <summary>Variables of one scope, by name: numbers and texts.</summary>
    internal sealed class Variables(Variables? outer)
    {
        private readonly Dictionary<string, object> _values = [];

        public object this[string name]
        {
            get => _values.TryGetValue(name, out var value) ? value : outer![name];
            set => _values[name] = value;
        }
    }

    /// <summary>A whole template. It ends in a letter, for a line break at the very end isn't rendered.</summary>
    public Piece Template()
    {
        var body = Body([("n", true), ("w", false)], 3);
        return new Piece(
            "{% set n = 7 %}{% set w = 'Word' %}" + body.Source + ".",
            _ => body.Text(new Variables(null) { ["n"] = 7L, ["w"] = "Word" }) + ".");
    }

    private Piece Body(List<(string Name, bool IsNumber)> known, int depth)
    {
        known = [.. known];
        var pieces = Enumerable.Range(0, random.Next(1, 5)).Select(_ => Statement(known, depth)).ToArray();
        return new Piece(string.Concat(pieces.Select(piece => piece.Source)), variables => string.Concat(pieces.Select(piece => piece.Text(variables))));
    }

    private Piece Statement(List<(string Name, bool IsNumber)> known, int depth)
    {
        switch (depth == 0 ? random.Next(4) : random.Next(11))
        {
            case 0:
                var text = Pick(Texts);
                return new Piece(text, _ => text);
            case 1:
                var number = AnyNumber(known, 3);
                return new Piece($"{{{{ {number.Source} }}}}", variables => Show(number.Value(variables)));
            case 2 or 3:
                var word = AnyWord(known, 3);
                return new Piece($"{{{{{word.Source}}}}}", word.Value);
            case 4:
                return Conditional(known, depth);
            case 5 or 6:
                return Loop(known, depth);
            case 7:
                return Assignment(known);
            case 8:
                return Filtered(known, depth);
            case 9:
                return Macro(known, depth);
            default:
                var body = Body(known, depth - 1);
                return new Piece(
                    $"{{# {Pick(Words)} #}}{body.Source}{{% raw %}}{{{{ x }}}}{{% endraw %}}", variables => body.Text(variables) + "{{ x }}");
        }
    }

    private Piece Conditional(List<(string Name, bool IsNumber)> known, int depth)
    {
        var (first, second) = (AnyTruth(known, 2), AnyTruth(known, 2));
        var (a, b, c) = (Body(known, depth - 1), Body(known, depth - 1), Body(known, depth - 1));
        return new Piece(
            $"{{% if {first.Source} %}}{a.Source}{{% elif {second.Source} %}}{b.Source}{{% else %}}{c.Source}{{% endif %}}",
            variables => (first.Value(variables) ? a : second.Value(variables) ? b : c).Text(variables));
    }

    private Piece Loop(List<(string Name, bool IsNumber)> known, int depth)
    {
        var name = NewName("i");
        var count = AnyNumber(known, 1);
        var filter = random.Next(2) == 0;
        List<(string, bool)> inside = [.. known, (name, true)];
        var body = Body(inside, depth - 1);
        var otherwise = Body(known, depth - 1);
        return new Piece(
            $"{{% for {name} in range(({count.Source}) % 5){(filter ? $" if {name} is odd" : "")} %}}{{{{ loop.index }}}}{body.Source}"
            + $"{{% if not loop.last %}},{{% endif %}}{{% else %}}{otherwise.Source}{{% endfor %}}",
            variables =>
            {
                var items = new List<long>();
                for (var item = 0L; item < FloorRest(count.Value(variables), 5); item++)
                {
                    if (!filter || item % 2 == 1)
                        items.Add(item);
                }

                if (items.Count == 0)
                    return otherwise.Text(new Variables(variables));
                var rendered = new StringBuilder();
                for (var index = 0; index < items.Count; index++)
                {
                    var scope = new Variables(variables) { [name] = items[index] };
                    rendered.Append(CultureInfo.InvariantCulture, $"{index + 1}{body.Text(scope)}").Append(index < items.Count - 1 ? "," : "");
                }

                return rendered.ToString();
            });
    }

    private Piece Assignment(List<(string Name, bool IsNumber)> known)
    {
        if (random.Next(2) == 0)
        {
            var number = AnyNumber(known, 2);
            var name = NewName("n");
            known.Add((name, true));
            return new Piece($"{{% set {name} = {number.Source} %}}", variables =>
            {
                variables[name] = number.Value(variables);
                return "";
            });
        }

        var word = AnyWord(known, 2);
        var captured = NewName("w");
        known.Add((captured, false));
        return new Piece($"{{% set {captured} %}}<{{{{ {word.Source} }}}}>{{% endset %}}", variables =>
        {
            variables[captured] = $"<{word.Value(variables)}>";
            return "";
        });
    }

    private Piece Filtered(List<(string Name, bool IsNumber)> known, int depth)
    {
        var body = Body(known, depth - 1);
        return random.Next(2) == 0
            ? new Piece($"{{% filter upper %}}{body.Source}{{% endfilter %}}", variables => body.Text(new Variables(variables)).ToUpperInvariant())
            : new Piece($"{{% filter replace('a', 'bb') %}}{body.Source}{{% endfilter %}}", variables =>
                body.Text(new Variables(variables)).Replace("a", "bb", StringComparison.Ordinal));
    }

    private Piece Macro(List<(string Name, bool IsNumber)> known, int depth)
    {
        var (macro, parameter, second) = (NewName("m"), NewName("p"), NewName("q"));
        var body = Body([.. known, (parameter, true), (second, false)], depth - 1);
        var argument = AnyNumber(known, 2);
        var fallback = Pick(Words);
        return new Piece(
            $"{{% macro {macro}({parameter}, {second}={Quote(fallback)}) %}}[{body.Source}]{{% endmacro %}}{{{{ {macro}({argument.Source}) }}}}",
            variables => $"[{body.Text(new Variables(variables) { [parameter] = argument.Value(variables), [second] = fallback })}]");
    }

    private Number AnyNumber(List<(string Name, bool IsNumber)> known, int depth)
    {
        var names = known.Where(variable => variable.IsNumber).Select(variable => variable.Name).ToArray();
        if (depth == 0 || random.Next(3) == 0)
        {
            var literal = random.Next(-9, 100);
            var name = Pick(names);
            return random.Next(2) == 0
                ? new Number(literal < 0 ? $"({literal})" : Show(literal), _ => literal)
                : new Number(name, variables => (long)variables[name]);
        }

        var (left, right) = (AnyNumber(known, depth - 1), AnyNumber(known, depth - 1));
        switch (random.Next(8))
        {
            case 0 or 1:
                return new Number($"({left.Source} + {right.Source})", variables => left.Value(variables) + right.Value(variables));
            case 2:
                return new Number($"({left.Source} - {right.Source})", variables => left.Value(variables) - right.Value(variables));
            case 3:
                return new Number($"({left.Source} % 97 * {right.Source})", variables => FloorRest(left.Value(variables), 97) * right.Value(variables));
            case 4:
                return new Number($"({left.Source} // 7)", variables => (left.Value(variables) - FloorRest(left.Value(variables), 7)) / 7);
            case 5:
                var word = AnyWord(known, depth - 1);
                return new Number($"({word.Source}|length)", variables => word.Value(variables).EnumerateRunes().Count());
            case 6:
                return new Number($"([{left.Source}, {right.Source}]|max)", variables => Math.Max(left.Value(variables), right.Value(variables)));
            default:
                var truth = AnyTruth(known, depth - 1);
                return new Number(
                    $"({left.Source} if {truth.Source} else {right.Source})",
                    variables => truth.Value(variables) ? left.Value(variables) : right.Value(variables));
        }
    }

    private Word AnyWord(List<(string Name, bool IsNumber)> known, int depth)
    {
        var names = known.Where(variable => !variable.IsNumber).Select(variable => variable.Name).ToArray();
        if (depth == 0 || random.Next(3) == 0)
        {
            var literal = Pick(Words);
            var name = Pick(names);
            return random.Next(2) == 0 ? new Word(Quote(literal), _ => literal) : new Word(name, variables => (string)variables[name]);
        }

        var (left, right) = (AnyWord(known, depth - 1), AnyWord(known, depth - 1));
        var number = AnyNumber(known, depth - 1);
        return random.Next(7) switch
        {
            0 => new Word($"({left.Source} ~ {number.Source})", variables => left.Value(variables) + Show(number.Value(variables))),
            1 => new Word($"({left.Source} + {right.Source})", variables => left.Value(variables) + right.Value(variables)),
            2 => new Word($"({left.Source}|lower)", variables => left.Value(variables).ToLowerInvariant()),
            3 => new Word($"({left.Source} * 2)", variables => left.Value(variables) + left.Value(variables)),
            4 => new Word($"({left.Source}.replace('a', 'zz'))", variables => left.Value(variables).Replace("a", "zz", StringComparison.Ordinal)),
            5 => new Word($"([{left.Source}, {number.Source}]|join('-'))", variables => $"{left.Value(variables)}-{Show(number.Value(variables))}"),
            _ => new Word($"({left.Source}[::-1])", variables => Reversed(left.Value(variables))),
        };
    }

    private Truth AnyTruth(List<(string Name, bool IsNumber)> known, int depth)
    {
        var (left, right) = (AnyNumber(known, depth), AnyNumber(known, depth));
        var word = AnyWord(known, depth);
        return random.Next(6) switch
        {
            0 => new Truth($"{left.Source} < {right.Source}", variables => left.Value(variables) < right.Value(variables)),
            1 => new Truth($"{left.Source} == {right.Source}", variables => left.Value(variables) == right.Value(variables)),
            2 => new Truth($"not {word.Source}", variables => word.Value(variables).Length == 0),
            3 => new Truth(
                $"'a' in {word.Source} and {left.Source}",
                variables => word.Value(variables).Contains('a', StringComparison.Ordinal) && left.Value(variables) != 0),
            4 => new Truth(
                $"{left.Source} is even or {left.Source} >= {right.Source}",
                variables => left.Value(variables) % 2 == 0 || left.Value(variables) >= right.Value(variables)),
            _ => new Truth($"0 <= {left.Source} < {right.Source}", variables => left.Value(variables) is >= 0 and var value && value < right.Value(variables)),
        };
    }

    private static string Reversed(string text) => string.Concat(text.EnumerateRunes().Reverse().Select(rune => rune.ToString()));

    private static string Show(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long FloorRest(long number, long divisor) => ((number % divisor) + divisor) % divisor;

    private static string Quote(string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}'";

    private string NewName(string prefix) => $"{prefix}{_names++}";

    private string Pick(string[] items) => items[random.Next(items.Length)];
}

using System.Globalization;
using System.Numerics;
using Rat.Engine.Pipelines.Templates;
using Rat.Engine.Pipelines.Templates.Builtins;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Tests.Templates;

/// <summary>The parts that have a slow and obvious counterpart.</summary>
public class TextPartsFuzzTests
{
    private readonly Random _random = new(Environment.TickCount);

    [Fact]
    public void Search_finds_what_a_plain_search_finds()
    {
        for (var round = 0; round < 20_000; round++)
        {
            var text = Ab(_random.Next(200));
            var pattern = _random.Next(3) == 0 && text.Length > 0 ? text[_random.Next(text.Length)..] : Ab(_random.Next(80));
            var budget = new Budget(CancellationToken.None);
            var start = _random.Next(text.Length + 1);
            Assert.Equal(text.IndexOf(pattern, start, StringComparison.Ordinal), TextSearch.IndexOf(text, pattern, start, budget));
            Assert.Equal(text[..start].LastIndexOf(pattern, StringComparison.Ordinal), TextSearch.LastIndexOf(text, pattern, start, budget));
        }

        string Ab(int length) => new([.. Enumerable.Range(0, length).Select(_ => _random.Next(12) == 0 ? 'b' : 'a')]);
    }

    [Fact]
    public void Shortest_text_of_a_float_gives_the_float_again()
    {
        for (var round = 0; round < 100_000; round++)
        {
            var number = BitConverter.Int64BitsToDouble(_random.NextInt64(long.MinValue, long.MaxValue));
            if (!double.IsFinite(number))
                continue;
            var text = FloatText.Shortest(number);
            Assert.Equal(number, double.Parse(text, CultureInfo.InvariantCulture));
            Assert.True(text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal), text);
        }
    }

    /// <summary>Quarters are exact in both kinds of number, so each tie is one.</summary>
    [Fact]
    public void Rounding_is_that_of_exact_decimals()
    {
        for (var round = 0; round < 100_000; round++)
        {
            var quarters = _random.NextInt64(1L << 40);
            var decimals = _random.Next(4);
            var expected = Math.Round(quarters / 4m, decimals, MidpointRounding.ToEven);
            Assert.Equal((BigInteger)(expected * (decimal)Math.Pow(10, decimals)), ExactDecimal.Scaled(quarters / 4.0, decimals));
            Assert.Equal((double)expected, ExactDecimal.Round(quarters / 4.0, decimals));
        }
    }

    [Fact]
    public void Quotients_of_integers_are_the_nearest_floats()
    {
        for (var round = 0; round < 100_000; round++)
        {
            var (a, b) = (_random.NextInt64(-(1L << 53), 1L << 53), _random.NextInt64(1, 1L << 53) * (_random.Next(2) == 0 ? 1 : -1));
            Assert.Equal((double)a / b, Numbers.Divide(a, b));
            Assert.Equal((double)a / b, Numbers.Divide(a * BigInteger.Pow(7, 200), b * BigInteger.Pow(7, 200)));
        }
    }

    [Fact]
    public void Order_of_texts_is_that_of_their_code_points()
    {
        string[] letters = ["a", "b", "\uffff", "\ud7ff", "\ue000", "😀", "\U0010ffff", "é"];
        for (var round = 0; round < 20_000; round++)
        {
            var (a, b) = (Random(), Random());
            var expected = a.EnumerateRunes().Select(rune => rune.Value).Zip(b.EnumerateRunes().Select(rune => rune.Value), (x, y) => x.CompareTo(y))
                .FirstOrDefault(order => order != 0, a.EnumerateRunes().Count().CompareTo(b.EnumerateRunes().Count()));
            Assert.Equal(Math.Sign(expected), Math.Sign(CodePoints.Compare(a, b)));
        }

        string Random() => string.Concat(Enumerable.Range(0, _random.Next(4)).Select(_ => letters[_random.Next(letters.Length)]));
    }
}

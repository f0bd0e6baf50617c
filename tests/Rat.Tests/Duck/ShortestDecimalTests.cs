using System.Globalization;
using System.Text;
using Rat.Engine.Duck.Values;

namespace Rat.Tests.Duck;

/// <summary>Floating point numbers as text, held against .NET's own formatting.</summary>
public class ShortestDecimalTests
{
    [Theory]
    [InlineData(0d, "0")]
    [InlineData(-0d, "-0")]
    [InlineData(1d, "1")]
    [InlineData(-100d, "-100")]
    [InlineData(0.3, "0.3")]
    [InlineData(123.456, "123.456")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e21")]
    [InlineData(1.23e22, "1.23e22")]
    [InlineData(0.000001, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(-1.5e-7, "-1.5e-7")]
    [InlineData(double.MaxValue, "1.7976931348623157e308")]
    [InlineData(double.Epsilon, "5e-324")]
    [InlineData(2.2250738585072014e-308, "2.2250738585072014e-308")]
    [InlineData(9007199254740993d, "9007199254740992")]
    // .NET has one digit less here, and does not get the number back from it.
    [InlineData(2.9802322387695312e-8, "2.9802322387695312e-8")]
    public void Known_values(double value, string text) => Assert.Equal(text, Format(value));

    [Fact]
    public void Random_doubles_read_back_and_have_the_fewest_digits()
    {
        var random = new Random(20240229);
        for (var i = 0; i < 50_000; i++)
        {
            AssertShortest(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            AssertShortest(Math.Round(random.NextDouble() * 100_000, random.Next(6)));
        }
    }

    [Fact]
    public void Powers_of_two_and_their_neighbours_read_back()
    {
        for (var exponent = -1074; exponent < 1024; exponent++)
        {
            var power = Math.ScaleB(1, exponent);
            Assert.Equal(power, double.Parse(Format(power), CultureInfo.InvariantCulture));
            AssertShortest(Math.BitIncrement(power));
            AssertShortest(Math.BitDecrement(power));
        }
    }

    [Fact]
    public void Random_floats_read_back_and_have_the_fewest_digits()
    {
        var random = new Random(20240229);
        for (var i = 0; i < 50_000; i++)
        {
            var value = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!float.IsFinite(value))
                continue;
            var json = new JsonBuffer();
            NumberJson.Add(json, value);
            var text = Encoding.UTF8.GetString(json.Written);
            Assert.Equal(value, float.Parse(text, CultureInfo.InvariantCulture));
            Assert.True(Digits(text).Length <= Digits(value.ToString("R", CultureInfo.InvariantCulture)).Length, text);
        }
    }

    private static void AssertShortest(double value)
    {
        if (!double.IsFinite(value))
            return;
        var text = Format(value);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)));
        // At a power of two .NET may be shorter, and wrong.
        if ((BitConverter.DoubleToInt64Bits(value) & ((1L << 52) - 1)) != 0)
            Assert.Equal(Digits(value.ToString("R", CultureInfo.InvariantCulture)), Digits(text));
    }

    private static string Format(double value)
    {
        var json = new JsonBuffer();
        NumberJson.Add(json, value);
        return Encoding.UTF8.GetString(json.Written);
    }

    private static string Digits(string number) =>
        number.Split('E', 'e')[0].Replace(".", "", StringComparison.Ordinal).Trim('-').Trim('0');
}

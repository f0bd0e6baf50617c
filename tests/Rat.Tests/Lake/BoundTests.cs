using System.Text;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Bounds in the binary form of the Iceberg specification, Appendix D, from what DuckDB's statistics print.</summary>
public class BoundTests
{
    private static readonly Dictionary<string, LakeType> Types = new()
    {
        ["boolean"] = Bool,
        ["int"] = Int,
        ["long"] = Long,
        ["float"] = Float32,
        ["double"] = Float64,
        ["date"] = Date,
        ["time"] = Time,
        ["timestamp"] = Timestamp,
        ["timestamptz"] = TimestampTz,
        ["string"] = Text,
        ["uuid"] = Uuid,
        ["binary"] = Binary,
        ["decimal(9,2)"] = Decimal(9, 2),
        ["decimal(38,0)"] = Decimal(38, 0),
    };

    [Theory]
    [InlineData("boolean", "0", "00", "00")]
    [InlineData("boolean", "1", "01", "01")]
    [InlineData("int", "-1", "FFFFFFFF", "FFFFFFFF")]
    [InlineData("int", "-2147483648", "00000080", "00000080")]
    [InlineData("long", "34", "2200000000000000", "2200000000000000")]
    [InlineData("long", "9223372036854775807", "FFFFFFFFFFFFFF7F", "FFFFFFFFFFFFFF7F")]
    [InlineData("float", "0.1", "CDCCCC3D", "CDCCCC3D")]
    [InlineData("float", "-inf", "000080FF", "000080FF")]
    [InlineData("double", "1.5", "000000000000F83F", "000000000000F83F")]
    [InlineData("double", "5e-324", "0100000000000000", "0100000000000000")]
    [InlineData("double", "1.7976931348623157e+308", "FFFFFFFFFFFFEF7F", "FFFFFFFFFFFFEF7F")]
    [InlineData("double", "inf", "000000000000F07F", "000000000000F07F")]
    [InlineData("date", "1970-01-02", "01000000", "01000000")]
    [InlineData("date", "0001-01-01", "C606F5FF", "C606F5FF")]
    [InlineData("date", "9999-12-31", "A0C02C00", "A0C02C00")]
    [InlineData("time", "22:31:08", "008307E012000000", "008307E012000000")]
    [InlineData("time", "23:59:59.999999", "FF5FD71D14000000", "FF5FD71D14000000")]
    [InlineData("timestamp", "1970-01-01 00:00:00.000001", "0100000000000000", "0100000000000000")]
    [InlineData("timestamp", "1969-12-31 23:59:59.5", "E05EF8FFFFFFFFFF", "E05EF8FFFFFFFFFF")]
    [InlineData("timestamp", "9999-12-31 23:59:59.999999", "FF5F73CC0C448403", "FF5F73CC0C448403")]
    [InlineData("timestamptz", "1970-01-01 00:00:01+00", "40420F0000000000", "40420F0000000000")]
    [InlineData("uuid", "f79c3e09-677c-4bbd-a479-3f349cb785e7", "F79C3E09677C4BBDA4793F349CB785E7", "F79C3E09677C4BBDA4793F349CB785E7")]
    [InlineData("decimal(9,2)", "0.00", "00", "00")]
    [InlineData("decimal(9,2)", "1.27", "7F", "7F")]
    [InlineData("decimal(9,2)", "1.28", "0080", "0080")]
    [InlineData("decimal(9,2)", "-1.28", "80", "80")]
    [InlineData("decimal(9,2)", "-1.29", "FF7F", "FF7F")]
    [InlineData("decimal(9,2)", "14.20", "058C", "058C")]
    [InlineData("decimal(9,2)", "-0.01", "FF", "FF")]
    [InlineData("decimal(9,2)", "5", "01F4", "01F4")]
    [InlineData("decimal(38,0)", "99999999999999999999999999999999999999", "4B3B4CA85A86C47A098A223FFFFFFFFF", "4B3B4CA85A86C47A098A223FFFFFFFFF")]
    [InlineData("decimal(38,0)", "-99999999999999999999999999999999999999", "B4C4B357A5793B85F675DDC000000001", "B4C4B357A5793B85F675DDC000000001")]
    [InlineData("string", "", "", "")]
    [InlineData("string", "iceberg", "69636562657267", "69636562657267")]
    [InlineData("string", "0123456789abcdef", "30313233343536373839616263646566", "30313233343536373839616263646566")]
    [InlineData("string", "0123456789abcdefg", "30313233343536373839616263646566", "30313233343536373839616263646567")]
    [InlineData("binary", "00010203", "00010203", "00010203")]
    [InlineData("binary", "", "", "")]
    [InlineData("binary", "000102030405060708090A0B0C0D0EFFFF", "000102030405060708090A0B0C0D0EFF", "000102030405060708090A0B0C0D0F")]
    // The minimum 0.0 may stand for a -0.0, which precedes it; the maximum -0.0 for a 0.0.
    [InlineData("double", "0.0", "0000000000000080", "0000000000000000")]
    [InlineData("double", "-0.0", "0000000000000080", "0000000000000000")]
    [InlineData("float", "0.0", "00000080", "00000000")]
    [InlineData("float", "-0.0", "00000080", "00000000")]
    public void A_value_becomes_its_bounds(string type, string text, string lower, string upper)
    {
        Assert.Equal(lower, Convert.ToHexString(BoundText.Lower(Types[type], text)!));
        Assert.Equal(upper, Convert.ToHexString(BoundText.Upper(Types[type], text)!));
    }

    [Theory]
    [InlineData("date", "infinity")]
    [InlineData("date", "-infinity")]
    [InlineData("date", "0044-03-15 (BC)")]
    [InlineData("date", "12345-01-01")]
    [InlineData("timestamp", "infinity")]
    [InlineData("timestamp", "10000-01-01 00:00:00")]
    [InlineData("timestamp", "290309-12-22 (BC) 00:00:00")]
    [InlineData("timestamptz", "2024-01-01 01:02:03")]
    [InlineData("timestamptz", "2024-01-01 01:02:03+05:30")]
    [InlineData("time", "24:00:00")]
    [InlineData("double", "nan")]
    [InlineData("float", "NaN")]
    [InlineData("int", "2147483648")]
    [InlineData("long", "1.5")]
    [InlineData("decimal(9,2)", "1.234")]
    [InlineData("boolean", "maybe")]
    [InlineData("uuid", "f79c3e09677c4bbda4793f349cb785e7")]
    [InlineData("binary", "0g")]
    public void What_is_no_value_that_every_reader_takes_has_no_bounds(string type, string text)
    {
        Assert.Null(BoundText.Lower(Types[type], text));
        Assert.Null(BoundText.Upper(Types[type], text));
    }

    [Theory]
    [InlineData("string", "\uD7FF", "\uE000")]       // surrogates are skipped
    [InlineData("string", "z\U0010FFFF", "{")]       // the last code point has no successor: the one before it gets one
    [InlineData("string", "\U0010FFFF", null)]       // nothing that is short enough is greater
    public void An_upper_bound_that_was_cut_is_raised(string type, string pattern, string? last)
    {
        var text = string.Concat(Enumerable.Repeat(pattern, 20));
        var runes = text.EnumerateRunes().Take(16).ToList();
        var dropped = runes.AsEnumerable().Reverse().TakeWhile(rune => rune.Value == 0x10FFFF).Count();
        var expected = last is null ? null : string.Concat(runes.Take(15 - dropped)) + last;

        var upper = BoundText.Upper(Types[type], text);

        Assert.Equal(expected, upper is null ? null : Encoding.UTF8.GetString(upper));
    }

    [Fact]
    public void Cut_bounds_enclose_every_text()
    {
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(24)).Select(_ => RandomRune(random)));
            var bytes = Encoding.UTF8.GetBytes(text);

            var lower = CutBound.Lower(text);
            Assert.True(lower.AsSpan().SequenceCompareTo(bytes) <= 0, text);
            Assert.True(Encoding.UTF8.GetString(lower).EnumerateRunes().Count() <= 16, text);
            if (CutBound.Upper(text) is not { } upper)
            {
                Assert.All(text.EnumerateRunes().Take(16), rune => Assert.Equal(0x10FFFF, rune.Value));
                continue;
            }

            Assert.True(upper.AsSpan().SequenceCompareTo(bytes) >= 0, text);
            Assert.True(Encoding.UTF8.GetString(upper).EnumerateRunes().Count() <= 16, text);
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(upper));
        }
    }

    private static Rune RandomRune(Random random) => random.Next(6) switch
    {
        0 => new Rune(0x10FFFF),
        1 => new Rune(0xD7FF),
        2 => new Rune(random.Next(0x10000, 0x110000)),
        3 => new Rune(random.Next(0xE000, 0xFFFD)),
        _ => new Rune(random.Next(0x80)),
    };
}

using Rat.Storage.Lake;
using Rat.Storage.Lake.Avro;

namespace Rat.Tests.Lake;

/// <summary>Statistics in the form that manifests and SQLite share.</summary>
public class StatisticsMapsTests
{
    [Fact]
    public void What_was_encoded_is_decoded()
    {
        var random = new Random(11);
        for (var round = 0; round < 2_000; round++)
        {
            var columns = Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(1, 2_000_000_000)).Distinct().ToDictionary(id => id, _ => Random(random));

            var decoded = StatisticsMaps.Decode(StatisticsMaps.Encode(columns));

            Assert.Equal(columns.Keys.Order(), decoded.Keys.Order());
            foreach (var (id, expected) in columns)
            {
                Assert.Equal(expected with { Lower = null, Upper = null }, decoded[id] with { Lower = null, Upper = null });
                Assert.Equal(expected.Lower, decoded[id].Lower);
                Assert.Equal(expected.Upper, decoded[id].Upper);
            }
        }
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(-1, "01")]
    [InlineData(1, "02")]
    [InlineData(-64, "7F")]
    [InlineData(64, "8001")]
    [InlineData(int.MaxValue, "FEFFFFFF0F")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    public void Integers_are_zigzag_in_sevens(long value, string encoded)
    {
        var encoder = new AvroEncoder();
        encoder.Long(value);

        Assert.Equal(encoded, Convert.ToHexString(encoder.Written));
        Assert.Equal(value, new AvroDecoder(encoder.Written).Long());
    }

    private static ColumnStatistics Random(Random random) => new(
        random.NextInt64(),
        random.NextInt64(),
        random.NextInt64(1000),
        random.Next(2) == 0 ? null : 0,
        Bytes(random),
        Bytes(random));

    private static byte[]? Bytes(Random random)
    {
        if (random.Next(3) == 0)
            return null;
        var bytes = new byte[random.Next(40)];
        random.NextBytes(bytes);
        return bytes;
    }
}

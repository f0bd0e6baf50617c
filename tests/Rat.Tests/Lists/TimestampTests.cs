using System.Text;
using System.Text.Json;
using Rat.Endpoints.Http;

namespace Rat.Tests.Lists;

/// <summary>The quick writer of times against the general formatter.</summary>
public class TimestampTests
{
    private const long LastMicrosecond = 253_402_300_799_999_999; // 9999-12-31T23:59:59.999999Z

    [Fact]
    public void Every_time_is_written_as_the_general_formatter_writes_it()
    {
        var random = new Random(4711);
        long[] edges = [0, 1, 999_999, 1_000_000, 100_000, -1, -1_000_000, LastMicrosecond, 951_782_400_000_000, 1_709_164_799_000_100];
        foreach (var time in edges.Concat(Enumerable.Range(0, 20_000).Select(_ => random.NextInt64(0, LastMicrosecond))))
            Assert.Equal($"\"{Timestamp.Format(time)}\"", Written(time));
    }

    private static string Written(long time)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
            new Timestamp().Write(json, time, JsonSerializerOptions.Default);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

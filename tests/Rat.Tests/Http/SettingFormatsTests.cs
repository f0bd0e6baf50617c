using Rat.Commands.Settings;
using Rat.Endpoints.Health;
using Rat.Endpoints.Hosting;

namespace Rat.Tests.Http;

/// <summary>The little languages of settings.</summary>
public class SettingFormatsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("2m", 120.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("1.5s", 1.5)]
    [InlineData("10", null)]
    [InlineData("s", null)]
    [InlineData("", null)]
    [InlineData("-1s", null)]
    [InlineData("0s", null)]
    [InlineData("1s2", null)]
    [InlineData("1.2.3s", null)]
    public void Durations(string text, double? seconds) =>
        Assert.Equal(seconds, GoDuration.TryParse(text, out var duration) ? duration.TotalSeconds : null);

    [Theory]
    [InlineData("2GB", 2L << 30)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1.5 kb", 1536L)]
    [InlineData("100", 100L)]
    [InlineData("", null)]
    [InlineData("GB", null)]
    [InlineData("-1GB", null)]
    [InlineData("2XB", null)]
    public void Sizes(string text, long? bytes) => Assert.Equal(bytes, ByteSize.TryParse(text, out var size) ? size : null);

    [Theory]
    [InlineData("127.0.0.1:80", "127.0.0.1:80")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData(":8080", "[::]:8080")]
    [InlineData("[::1]:9", "[::1]:9")]
    [InlineData("::1:9", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:", null)]
    [InlineData("127.0.0.1:65536", null)]
    [InlineData("127.0.0.1:+80", null)]
    [InlineData("example.org:80", null)]
    public void Addresses(string text, string? expected)
    {
        var parsed = ListenAddress.Parse(text);
        Assert.Equal(expected, parsed.Succeeded ? parsed.Value.ToString() : null);
    }

    [Theory]
    [InlineData("""{"tier":"pro","org_id":"o","plugins":["a"],"seat_limit":5,"exp":2000000000}""", true, null)]
    [InlineData("""{"tier":"pro","exp":1000000000}""", false, "license expired")]
    [InlineData("""{"exp":"soon"}""", false, "malformed license key")]
    [InlineData("nonsense", false, "malformed license key")]
    public void Licences(string payload, bool isValid, string? error)
    {
        var key = $"h.{System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(payload))}.s";
        var license = LicenseInfo.Decode(key, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000))!;
        Assert.Equal(isValid, license.Valid);
        Assert.Equal(error, license.Error);
        if (isValid)
            Assert.Equal("2033-05-18T03:33:20Z", license.ExpiresAt);
    }

    [Fact]
    public void No_licence_is_null() => Assert.Null(LicenseInfo.Decode("", DateTimeOffset.UnixEpoch));
}

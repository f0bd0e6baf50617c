using System.Globalization;
using Rat.Engine.History;
using Rat.Storage.Metadata;

namespace Rat.Tests.Gate;

/// <summary>Times and versions as AT and <c>ref(at=…)</c> take them.</summary>
public class PointInTimeTests
{
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00.000000")]
    [InlineData(" 2026-01-31 12:30 ", "2026-01-31T12:30:00.000000")]
    [InlineData("2026-01-31T12:30:15", "2026-01-31T12:30:15.000000")]
    [InlineData("2026-01-31t12:30:15.5z", "2026-01-31T12:30:15.500000")]
    [InlineData("2026-01-31 12:30:15.1234567 UTC", "2026-01-31T12:30:15.123456")]
    [InlineData("2026-01-31 12:30:15.123456789+02", "2026-01-31T10:30:15.123456")]
    [InlineData("2026-01-31T00:30:00+02:00", "2026-01-30T22:30:00.000000")]
    [InlineData("2026-01-31T23:30:00-0130", "2026-02-01T01:00:00.000000")]
    [InlineData("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999")]
    [InlineData("0001-01-02", "0001-01-02T00:00:00.000000")]
    [InlineData("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000000")]
    public void A_time_is_read(string text, string expected)
    {
        var point = PointInTime.Parse(text).Value;
        Assert.Null(point.SnapshotId);
        Assert.Equal(expected, Timestamps.FromMicroseconds(point.Microseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("2026-01-31T24:00:00")]
    [InlineData("2026-01-31T12:60:00")]
    [InlineData("2026-01-31T12:30:00+99:00")]
    [InlineData("2026-01-31T12")]
    [InlineData("31.01.2026")]
    [InlineData("01/31/2026")]
    [InlineData("2026-01-31 12:30:00 Europe/Berlin")]
    [InlineData("２026-01-31")]
    [InlineData("99999999999999999999")]
    [InlineData("-5")]
    public void Anything_else_is_refused(string text) => Assert.False(PointInTime.Parse(text).Succeeded);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("20260131", 20260131)]
    [InlineData("9007199254740991", 9007199254740991)]
    public void A_number_is_a_snapshot(string text, long id) => Assert.Equal(id, PointInTime.Parse(text).Value.SnapshotId);
}

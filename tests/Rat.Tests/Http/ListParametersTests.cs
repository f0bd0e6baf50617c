using Microsoft.AspNetCore.Http;
using Rat.Endpoints.Http;

namespace Rat.Tests.Http;

/// <summary>Paging and sorting are corrected silently, never refused.</summary>
public class ListParametersTests
{
    [Theory]
    [InlineData("", 50, 0)]
    [InlineData("?limit=10&offset=20", 10, 20)]
    [InlineData("?limit=0&offset=-1", 50, 0)]
    [InlineData("?limit=-5", 50, 0)]
    [InlineData("?limit=201", 200, 0)]
    [InlineData("?limit=x&offset=y", 50, 0)]
    [InlineData("?limit=99999999999&offset=99999999999", 50, 0)]
    public void Windows(string query, int limit, int offset) => Assert.Equal(new Paging(limit, offset), Paging.Of(Request(query)));

    [Theory]
    [InlineData("", "created_at", true)]
    [InlineData("?order=asc", "created_at", false)]
    [InlineData("?sort=name", "name", true)]
    [InlineData("?sort=-name", "name", true)]
    [InlineData("?sort=name&order=asc", "name", false)]
    [InlineData("?sort=name&order=up", "name", true)]
    [InlineData("?sort=password&order=asc", "created_at", true)]
    public void Orders(string query, string field, bool isDescending) =>
        Assert.Equal(new Sorting(field, isDescending), Sorting.Of(Request(query), ["name", "created_at"]));

    [Fact]
    public void An_empty_filter_is_none()
    {
        Assert.Null(Request("?layer=").Filter("layer"));
        Assert.Equal("gold", Request("?layer=gold").Filter("layer"));
    }

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1_700_000_000_250_000, "2023-11-14T22:13:20.25Z")]
    [InlineData(1_700_000_000_000_001, "2023-11-14T22:13:20.000001Z")]
    public void Times_are_rfc_3339_in_utc(long microseconds, string expected) => Assert.Equal(expected, Timestamp.Format(microseconds));

    private static HttpRequest Request(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        return context.Request;
    }
}

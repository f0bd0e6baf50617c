using Rat.Engine.Automation.Triggers;

namespace Rat.Tests.Automation;

/// <summary>Patterns of file_pattern triggers (behaviour §8, "Glob").</summary>
public class FileGlobTests
{
    [Theory]
    [InlineData("*.csv", "orders.csv", true)]
    [InlineData("*.csv", "orders.CSV", false)]
    [InlineData("*.csv", "orders.csv.gz", false)]
    [InlineData("orders", "orders.csv", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("?", "", false)]
    [InlineData("**", "a", true)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("*a*b", "xxaxxbxx", false)]
    [InlineData("orders_????.csv", "orders_2026.csv", true)]
    [InlineData("orders_?.csv", "orders_é.csv", true)]
    [InlineData("?", "🐀", true)]
    [InlineData("[abc].csv", "b.csv", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[^a-c]x", "ax", false)]
    [InlineData("[!a]", "b", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[a\\-z]", "-", true)]
    [InlineData("[a\\-z]", "m", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("{a,b}", "a", false)]
    [InlineData("{a,b}", "{a,b}", true)]
    [InlineData("a*b", "a/b", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("a[^x]b", "a/b", false)]
    public void Matches_whole_names(string pattern, string name, bool expected) => Assert.Equal(expected, FileGlob.Parse(pattern).Value.Matches(name));

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[a")]
    [InlineData("[^]")]
    [InlineData("[a-]")]
    [InlineData("[-a]")]
    [InlineData("a\\")]
    [InlineData("[\\")]
    public void What_is_left_open_is_refused(string pattern) => Assert.False(FileGlob.Parse(pattern).Succeeded);

    [Fact]
    public void The_worst_pattern_ends_soon()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 500));
        Assert.False(FileGlob.Parse(pattern).Value.Matches(new string('a', 200) + "b"));
        Assert.False(FileGlob.Parse(new string('*', 1025)).Succeeded);
    }
}

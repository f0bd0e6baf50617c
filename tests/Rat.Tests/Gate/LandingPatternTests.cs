using System.Text;
using System.Text.RegularExpressions;
using Rat.Engine.Landing;

namespace Rat.Tests.Gate;

/// <summary>Patterns of landing files.</summary>
public sealed class LandingPatternTests
{
    [Theory]
    [InlineData("n/landing/z/**", "n/landing/z/a.csv", true)]
    [InlineData("n/landing/z/**", "n/landing/z/a/b/c.csv", true)]
    [InlineData("n/landing/z/**/*.csv", "n/landing/z/c.csv", true)]
    [InlineData("n/landing/z/**/*.csv", "n/landing/z/a/b/c.csv", true)]
    [InlineData("n/landing/z/**/*.csv", "n/landing/z/a/b/c.json", false)]
    [InlineData("n/landing/z/*", "n/landing/z/a.csv", true)]
    [InlineData("n/landing/z/*", "n/landing/z/a/b.csv", false)]
    [InlineData("n/landing/z/**/**/x", "n/landing/z/a/x", true)]
    [InlineData("n/landing/**", "n/landing/z/a.csv", true)]
    [InlineData("n/landing/**", "n/landing/z/_samples/a.csv", false)]
    [InlineData("n/landing/z/**", "n/landing/z/_samples/a.csv", false)]
    [InlineData("n/landing/z/**", "n/landing/z/_processed/r/a.csv", false)]
    [InlineData("n/landing/z/**", "n/landing/z/x/_samples/a.csv", true)]
    [InlineData("n/landing/z/_samples/**", "n/landing/z/_samples/a.csv", true)]
    [InlineData("n/landing/z/_processed/*/a.csv", "n/landing/z/_processed/r/a.csv", true)]
    [InlineData("n/landing/z/_*/a.csv", "n/landing/z/_samples/a.csv", false)]
    [InlineData("n/landing/z/*", "n/landing/z/_samples", true)]
    [InlineData("n/landing/z/a**b.csv", "n/landing/z/axxb.csv", true)]
    [InlineData("n/landing/z/a**b.csv", "n/landing/z/ax/xb.csv", false)]
    [InlineData("n/landing/z/[!a]*.csv", "n/landing/z/b.csv", true)]
    [InlineData("n/landing/z/[!a]*.csv", "n/landing/z/a.csv", false)]
    [InlineData("n/landing/z/[a-c]?.csv", "n/landing/z/bé.csv", true)]
    [InlineData("n/landing/z/[]].csv", "n/landing/z/].csv", true)]
    [InlineData("n/landing/z/[a.csv", "n/landing/z/[a.csv", false)]
    [InlineData("n/landing/z/A.csv", "n/landing/z/a.csv", false)]
    public void A_pattern_matches_as_DuckDBs_do(string pattern, string key, bool matches) => Assert.Equal(matches, new LandingPattern(pattern).Matches(key));

    [Fact]
    public void Random_patterns_match_what_a_regular_expression_matches()
    {
        var random = new Random(20240611);
        var matched = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = "n/landing/" + Pieces(random, ["a", "b", "ab", "*", "?", "[ab]", "[!a]", "/", "/", "/**/", "_samples"]);
            var key = "n/landing/" + Pieces(random, ["a", "b", "c", "/", "ab", "_samples"]);
            if (pattern.Contains("//", StringComparison.Ordinal) || key.Contains("//", StringComparison.Ordinal) || pattern.EndsWith('/') || key.EndsWith('/'))
                continue;

            var expected = ToRegex(pattern).IsMatch(key) && !IsHidden(pattern, key);
            Assert.True(expected == new LandingPattern(pattern).Matches(key), $"{pattern} {key} {expected}");
            Assert.True(!expected || key.StartsWith(new LandingPattern(pattern).Prefix, StringComparison.Ordinal));
            matched += expected ? 1 : 0;
        }

        Assert.True(matched > 200, $"only {matched} matches");
    }

    [Fact]
    public void A_pattern_of_many_stars_takes_no_time()
    {
        var pattern = new LandingPattern("n/landing/z/" + string.Concat(Enumerable.Repeat("*a", 120)) + "b");
        var key = "n/landing/z/" + new string('a', 250);
        var deep = new LandingPattern("n/landing/" + string.Join('/', Enumerable.Repeat("**/*a*", 80)) + "/b");
        var deepKey = "n/landing/" + string.Join('/', Enumerable.Repeat("aaa", 250));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        for (var i = 0; i < 200; i++)
        {
            Assert.False(pattern.Matches(key));
            Assert.False(deep.Matches(deepKey));
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    private static string Pieces(Random random, string[] pieces)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, 8); left > 0; left--)
            text.Append(pieces[random.Next(pieces.Length)]);
        return text.ToString().Trim('/');
    }

    // A folder of samples below a zone must be named by the pattern at the same place; without ** the places are the same.
    private static bool IsHidden(string pattern, string key)
    {
        var segments = key.Split('/');
        if (segments.Length <= 4 || segments[3] != "_samples")
            return false;
        // Every way to expand ** must be tried: the pattern's own _samples could be at another place.
        return !Expand(pattern.Split('/'), segments.Length).Any(expanded =>
            expanded[3] == "_samples" && ToRegex(string.Join('/', expanded)).IsMatch(key));
    }

    private static IEnumerable<string[]> Expand(string[] pattern, int length)
    {
        var star = Array.IndexOf(pattern, "**");
        if (star < 0)
        {
            if (pattern.Length == length)
                yield return pattern;
            yield break;
        }

        for (var count = 0; count <= length; count++)
        {
            string[] expanded = [.. pattern[..star], .. Enumerable.Repeat("*", count), .. pattern[(star + 1)..]];
            if (expanded.Count(segment => segment != "**") > length)
                yield break;
            foreach (var each in Expand(expanded, length))
                yield return each;
        }
    }

    private static Regex ToRegex(string pattern)
    {
        var text = new StringBuilder("^");
        var segments = pattern.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            if (segments[i] == "**")
                text.Append(last ? ".*" : "(?:[^/]+/)*");
            else
                text.Append(Regex.Escape(segments[i]).Replace(@"\*", "[^/]*").Replace(@"\?", "[^/]").Replace(@"\[!", "[^/").Replace(@"\[", "[") + (last ? "" : "/"));
        }

        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant);
    }
}

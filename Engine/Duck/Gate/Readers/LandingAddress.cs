using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Readers;

/// <summary>The address of landing files: <c>s3://{bucket}/{namespace}/landing/…</c>, with wildcards only behind <c>landing/</c>.</summary>
internal sealed record LandingAddress(string Bucket, string KeyPattern)
{
    private const string Scheme = "s3://";
    private const int Longest = 1024;

    /// <summary>Null for anything else: local paths, other buckets, other folders, <c>..</c>, empty segments.</summary>
    public static LandingAddress? Parse(string address, IReadOnlyList<string> buckets)
    {
        if (address.Length > Longest || !address.StartsWith(Scheme, StringComparison.Ordinal) || address.Any(letter => letter == '\\' || char.IsControl(letter)))
            return null;
        var segments = address[Scheme.Length..].Split('/');
        return segments.Length >= 4
            && buckets.Contains(segments[0])
            && Slug.IsValid(segments[1])
            && segments[2] == "landing"
            && segments.AsSpan(3).IndexOfAny("", ".", "..") < 0
            && !address.Contains("..", StringComparison.Ordinal)
            ? new LandingAddress(segments[0], string.Join('/', segments[1..]))
            : null;
    }
}

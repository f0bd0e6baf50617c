using System.Text;

namespace Rat.Storage.Objects.S3;

/// <summary>Where a bucket is, and who asks for it.</summary>
/// <param name="Endpoint">host:port, without a scheme.</param>
internal sealed record S3Settings(string Endpoint, string Bucket, string AccessKey, string SecretKey)
{
    /// <summary>Of credentials that were lent for a while.</summary>
    public string? SessionToken { get; init; }

    public bool UseTls { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>What an attempt has whose request and answer are small.</summary>
    public TimeSpan MetadataTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What an attempt has to send a part of an object, and the longest pause in an object's bytes.</summary>
    public TimeSpan DataTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What is larger is sent in parts of this size at first: a part is held in memory until the store has taken it.</summary>
    public int PartBytes { get; init; } = 8 << 20;

    /// <summary>The most that the store copies in one piece; 5 GB is S3's limit ("CopyObject").</summary>
    public long LargestCopy { get; init; } = 5L << 30;

    /// <summary>The bucket as a part of the host's name. Amazon wants it, unless the name has a dot, which its certificate doesn't cover;
    /// others have one name.</summary>
    public bool HasBucketInHost { get; init; } = IsAmazon(Endpoint) && !Bucket.Contains('.', StringComparison.Ordinal);

    /// <summary>The address of an object, or of the bucket for an empty key.</summary>
    /// <param name="query">Sorted by name.</param>
    public Uri AddressOf(string key, params IEnumerable<(string Name, string Value)> query)
    {
        var address = new StringBuilder(UseTls ? "https://" : "http://");
        if (HasBucketInHost)
            address.Append(Bucket).Append('.');
        address.Append(Endpoint).Append('/');
        if (!HasBucketInHost)
            address.Append(Uri.EscapeDataString(Bucket)).Append(key.Length > 0 ? "/" : "");
        address.Append(EncodedKey(key));
        var separator = '?';
        foreach (var (name, value) in query)
        {
            address.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        // As it stands: a key may have what Uri would tidy up, and what is signed must be what is sent.
        return new Uri(address.ToString(), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
    }

    /// <summary>A key as paths and the header of a copy hold it: all but RFC 3986's unreserved characters and slashes encoded.</summary>
    public static string EncodedKey(string key) => string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    // The generated one would tell the keys.
    public override string ToString() => $"{Endpoint}/{Bucket}";

    private static bool IsAmazon(string endpoint) => endpoint.Split(':')[0].EndsWith(".amazonaws.com", StringComparison.OrdinalIgnoreCase);
}

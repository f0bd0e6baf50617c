using Rat.Storage.Objects.S3;

namespace Rat.Storage.Backup;

/// <summary>Where a backup is, and how soon changes have to be there.</summary>
/// <param name="Prefix">Of its keys; empty or with a slash at its end.</param>
internal sealed record BackupSettings(S3Settings Bucket, string Prefix)
{
    /// <summary>Where it is in a bucket unless it is said: there the bucket belongs to one data directory as a whole.</summary>
    public const string StandardPrefix = S3ObjectStore.Own + "backup/";

    public static TimeSpan StandardInterval { get; } = TimeSpan.FromSeconds(10);

    /// <summary>A commit is in the bucket at the latest this long after it, while the store can be reached.</summary>
    public TimeSpan Interval { get; init; } = StandardInterval;

    /// <summary>Where the mark is that says whose it is.</summary>
    public string Marks => Prefix == StandardPrefix ? BucketOwner.Marks : $"{Prefix}owner/";

    public string Uri => $"s3://{Bucket.Bucket}/{Prefix}";

    // The generated one would tell the settings of the bucket.
    public override string ToString() => Uri;
}

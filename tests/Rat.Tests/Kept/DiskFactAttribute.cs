using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Kept;

/// <summary>A fact about files of the data directory; skipped, and counted as skipped, where servers keep them in buckets.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskFactAttribute : FactAttribute
{
    public DiskFactAttribute(string reason) => Skip = TestStorage.IsS3 ? reason : null;
}

/// <summary>A fact about files of the data directory that needs the S3 server for something else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskAndS3FactAttribute : FactAttribute
{
    public DiskAndS3FactAttribute(string reason) => Skip = TestStorage.IsS3 ? reason : SwiftPackages.Missing;
}

/// <summary>A theory about files of the data directory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskTheoryAttribute : TheoryAttribute
{
    public DiskTheoryAttribute(string reason) => Skip = TestStorage.IsS3 ? reason : null;
}

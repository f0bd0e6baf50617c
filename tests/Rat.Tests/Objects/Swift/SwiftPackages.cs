namespace Rat.Tests.Objects.Swift;

/// <summary>The unpacked packages of the S3 server, as <c>tests/s3/fetch.sh</c> leaves them.</summary>
internal static class SwiftPackages
{
    /// <summary>Null when they are there, else why tests are skipped.</summary>
    public static string? Missing { get; } = File.Exists(Path.Combine(Root, "complete")) ? null : "no S3 server: tests/s3/fetch.sh says why";

    public static string Root => Environment.GetEnvironmentVariable("RAT_SWIFT") is { Length: > 0 } named ? named
        : Path.Combine(Cache, "rat-tests", "swift");

    private static string Cache => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
}

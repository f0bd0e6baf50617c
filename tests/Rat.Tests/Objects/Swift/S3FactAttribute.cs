namespace Rat.Tests.Objects.Swift;

/// <summary>A fact that needs the S3 server; skipped, and counted as skipped, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class S3FactAttribute : FactAttribute
{
    public S3FactAttribute() => Skip = SwiftPackages.Missing;
}

/// <summary>A theory that needs the S3 server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class S3TheoryAttribute : TheoryAttribute
{
    public S3TheoryAttribute() => Skip = SwiftPackages.Missing;
}

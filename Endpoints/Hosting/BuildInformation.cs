using System.Reflection;
using System.Runtime.InteropServices;

namespace Rat.Endpoints.Hosting;

/// <summary>What the build wrote into this executable. Commit and time come from the MSBuild properties GitCommit and BuildTime.</summary>
internal static class BuildInformation
{
    private static readonly Assembly Self = typeof(BuildInformation).Assembly;

    public static string Version { get; } = Self.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "dev";

    /// <summary>Commit hash, or <c>unknown</c>.</summary>
    public static string GitCommit { get; } = Metadata("GitCommit");

    /// <summary>ISO 8601, or <c>unknown</c>.</summary>
    public static string BuildTime { get; } = Metadata("BuildTime");

    /// <summary>Name and version of the runtime, such as <c>.NET 10.0.0</c>.</summary>
    public static string Runtime { get; } = RuntimeInformation.FrameworkDescription;

    private static string Metadata(string key) => Self.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(entry => entry.Key == key)?.Value is { Length: > 0 } value ? value : "unknown";
}

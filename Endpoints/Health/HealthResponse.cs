using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Health;

/// <summary>Answer of <c>/health</c> and <c>/health/live</c>. <c>go_version</c> keeps its name for clients (DECISIONS 10).</summary>
internal sealed record HealthResponse(
    string Status, string Version, string GitCommit, string BuildTime, string GoVersion, string RuntimeVersion)
{
    public static HealthResponse Ok { get; } = new(
        "ok", BuildInformation.Version, BuildInformation.GitCommit, BuildInformation.BuildTime,
        BuildInformation.Runtime, BuildInformation.Runtime);
}

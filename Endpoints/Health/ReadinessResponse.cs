using System.Text.Json.Serialization;

namespace Rat.Endpoints.Health;

/// <summary>Answer of <c>/health/ready</c>, with 200 and with 503.</summary>
internal sealed record ReadinessResponse(string Status, IReadOnlyDictionary<string, CheckResult> Checks);

/// <summary><c>ok</c>, or <c>error</c> and the reason.</summary>
internal sealed record CheckResult(
    string Status, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

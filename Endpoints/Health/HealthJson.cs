using System.Text.Json.Serialization;

namespace Rat.Endpoints.Health;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(ReadinessResponse))]
[JsonSerializable(typeof(FeaturesResponse))]
[JsonSerializable(typeof(LicenseClaims))]
internal sealed partial class HealthJson : JsonSerializerContext;

using System.Text.Json.Serialization;

namespace Rat.Endpoints.Http;

/// <summary>
/// JSON of the envelope. Each resource group declares a context of its own with these same two options: names are snake_case on the way
/// out and matched without regard to case on the way in.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class HttpJson : JsonSerializerContext;

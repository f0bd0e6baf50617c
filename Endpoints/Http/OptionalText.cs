using System.Text;
using System.Text.Json;
using Rat.Storage;

namespace Rat.Endpoints.Http;

/// <summary>A text field of a body that tells three things apart: absent (unchanged), null (cleared), a text.</summary>
internal static class OptionalText
{
    public const int LongestDescription = 5000;

    /// <summary>The new value of the field; null clears it, and so does an empty text.</summary>
    public static Outcome<string?> Clearable(JsonElement field, string name, string? current) => field.ValueKind switch
    {
        JsonValueKind.Undefined => current,
        JsonValueKind.Null => (string?)null,
        JsonValueKind.String => field.GetString() is { Length: > 0 } text ? text : (string?)null,
        _ => Failure.Invalid($"invalid request body: {name} is not of the expected type"),
    };

    /// <summary>Null when a description is short enough; its length counts in UTF-8 bytes.</summary>
    public static Failure? CheckDescription(string? description) =>
        description is not null && Encoding.UTF8.GetByteCount(description) > LongestDescription
            ? Failure.Invalid($"description must be at most {LongestDescription} bytes")
            : null;
}

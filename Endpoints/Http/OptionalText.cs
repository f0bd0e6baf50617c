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
        JsonValueKind.String when TryRead(field, out var text) => text.Length > 0 ? text : (string?)null,
        _ => Unfit(name),
    };

    /// <summary>The texts of an object by its fields; null when it is absent or null, which leave what is there.</summary>
    public static Outcome<Dictionary<string, string>?> Map(JsonElement field, string name)
    {
        if (field.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
            return (Dictionary<string, string>?)null;
        if (field.ValueKind != JsonValueKind.Object)
            return Unfit(name);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in field.EnumerateObject())
        {
            if (!TryReadName(property, out var key))
                return Unfit(name);
            if (property.Value.ValueKind != JsonValueKind.String || !TryRead(property.Value, out var text))
                return Unfit($"{name}.{key}");
            texts[key] = text;
        }

        return texts;
    }

    /// <summary>Null when a description is short enough; its length counts in UTF-8 bytes.</summary>
    public static Failure? CheckDescription(string? description) =>
        description is not null && Encoding.UTF8.GetByteCount(description) > LongestDescription
            ? Failure.Invalid($"description must be at most {LongestDescription} bytes")
            : null;

    private static Failure Unfit(string name) => Failure.Invalid($"invalid request body: {name} is not of the expected type");

    // An element is looked at only now: half of a surrogate pair is no text.
    private static bool TryRead(JsonElement element, out string text)
    {
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static bool TryReadName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }
}

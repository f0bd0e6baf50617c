using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rat.Endpoints.Health;

/// <summary>What <c>RAT_LICENSE_KEY</c> says of itself. It is displayed, nothing depends on it, so its signature is not checked.</summary>
internal sealed record LicenseInfo(bool Valid)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tier { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrgId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Plugins { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SeatLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExpiresAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Null without a key; a key that can't be read is an invalid licence, never an exception.</summary>
    public static LicenseInfo? Decode(string? key, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(key))
            return null;
        if (Claims(key) is not { } claims)
            return new LicenseInfo(false) { Error = "malformed license key" };

        var expires = Time(claims.Exp);
        var isExpired = expires is { } end && end <= now;
        return new LicenseInfo(!isExpired)
        {
            Tier = claims.Tier,
            OrgId = claims.OrgId,
            Plugins = claims.Plugins,
            SeatLimit = claims.SeatLimit,
            ExpiresAt = expires is { } time ? Http.Timestamp.Format(time.ToUnixTimeMilliseconds() * 1000) : null,
            Error = isExpired ? "license expired" : null,
        };
    }

    private static LicenseClaims? Claims(string key)
    {
        var parts = key.Split('.');
        if (parts.Length != 3)
            return null;
        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(parts[1]), HealthJson.Default.LicenseClaims);
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>RFC 7519 §2 NumericDate: seconds since the epoch, possibly with a fraction.</summary>
    private static DateTimeOffset? Time(double? seconds) =>
        seconds is >= -62_135_596_800 and < 253_402_300_800
            ? DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Floor(seconds.Value * 1000))
            : null;
}

/// <summary>The claims of a licence that are displayed.</summary>
internal sealed record LicenseClaims(string? Tier, string? OrgId, IReadOnlyList<string>? Plugins, int? SeatLimit, double? Exp);

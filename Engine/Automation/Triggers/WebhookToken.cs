using System.Security.Cryptography;
using System.Text;

namespace Rat.Engine.Automation.Triggers;

/// <summary>The token of a webhook: 64 hexadecimal digits. Whoever has it may start the pipeline; the server keeps only its SHA-256.</summary>
internal static class WebhookToken
{
    private const int Bytes = 32;

    public static string New() => RandomNumberGenerator.GetHexString(Bytes * 2, lowercase: true);

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Takes the same time wherever the two differ.</summary>
    public static bool Equal(string hash, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(other));
}

using System.Globalization;
using Rat.Storage;

namespace Rat.Engine.Landing;

/// <summary>How a file is called in a landing zone (behaviour §7).</summary>
internal static class LandingFileName
{
    // Leaves room for the stamp and a number below the 255 bytes that file systems take.
    private const int Longest = 200;

    /// <summary>The base name of what the client sent; directory parts are stripped.</summary>
    public static Outcome<string> Clean(string? sent)
    {
        var name = (sent ?? "").Split('/')[^1];
        return name is "" or "." || name.Contains("..", StringComparison.Ordinal) || name.AsSpan().IndexOfAny('\\', '\0') >= 0
            || System.Text.Encoding.UTF8.GetByteCount(name) > Longest || name.Any(char.IsControl)
            ? Failure.Invalid("invalid filename")
            : name;
    }

    /// <summary><c>yyyyMMdd_HHmmss_name</c>, with <c>_2</c>, <c>_3</c> … before the extension from the second of one name and second on.</summary>
    public static string Stamped(string name, DateTimeOffset uploaded, int number)
    {
        var stamp = uploaded.ToString("yyyyMMdd_HHmmss_", CultureInfo.InvariantCulture);
        if (number == 1)
            return stamp + name;
        var extension = Path.GetExtension(name);
        return string.Create(CultureInfo.InvariantCulture, $"{stamp}{name[..^extension.Length]}_{number}{extension}");
    }
}

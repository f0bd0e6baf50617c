using System.Globalization;
using System.Text;

namespace Rat.Engine.Duck.Gate.Tokens;

/// <summary>Places of a text as people count them.</summary>
internal static class TextPlace
{
    /// <summary><c>line 2, column 5</c>, both from 1; columns in characters.</summary>
    public static string Of(ReadOnlySpan<byte> text, int at)
    {
        var before = text[..Math.Clamp(at, 0, text.Length)];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"line {before.Count((byte)'\n') + 1}, column {column}");
    }

    /// <summary>The byte at which a character begins; characters are counted from 0.</summary>
    public static int ByteOf(ReadOnlySpan<byte> text, int character)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // All bytes but those that go on with a character.
            if ((text[i] & 0xC0) != 0x80 && character-- == 0)
                return i;
        }

        return text.Length;
    }
}

using System.Text;

namespace Rat.Storage.Lake;

/// <summary>
/// Bounds of strings and binaries, cut so that a manifest doesn't hold whole texts: a lower bound may be shortened, an upper one must then be
/// raised (Iceberg specification, "Column Metrics"). Bytes of UTF-8 sort like code points.
/// </summary>
internal static class CutBound
{
    private const int Longest = 16;
    private static readonly Rune LastRune = new(0x10FFFF);

    public static byte[] Lower(string text) => Encoding.UTF8.GetBytes(text[..Cut(text)]);

    /// <summary>Null when nothing that is short enough is greater.</summary>
    public static byte[]? Upper(string text)
    {
        var end = Cut(text);
        if (end == text.Length)
            return Encoding.UTF8.GetBytes(text);

        // The last code point that has a successor gets it, what follows is dropped.
        while (end > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, end), out var last, out var length) == System.Buffers.OperationStatus.Done)
        {
            end -= length;
            if (last != LastRune)
                return Encoding.UTF8.GetBytes(text[..end] + Next(last));
        }

        return null;
    }

    public static byte[] Lower(byte[] bytes) => bytes.Length <= Longest ? bytes : bytes[..Longest];

    /// <summary>Null when nothing that is short enough is greater.</summary>
    public static byte[]? Upper(byte[] bytes)
    {
        if (bytes.Length <= Longest)
            return bytes;
        var end = Longest;
        while (end > 0 && bytes[end - 1] == 0xFF)
            end--;
        if (end == 0)
            return null;
        var raised = bytes[..end];
        raised[^1]++;
        return raised;
    }

    // Where the code points that are kept end.
    private static int Cut(string text)
    {
        var end = 0;
        for (var kept = 0; kept < Longest && end < text.Length; kept++)
            end += char.IsSurrogatePair(text, end) ? 2 : 1;
        return end;
    }

    // Surrogates are no code points of their own: past the last before them comes the first after them.
    private static Rune Next(Rune rune) => rune.Value == 0xD7FF ? new Rune(0xE000) : new Rune(rune.Value + 1);
}

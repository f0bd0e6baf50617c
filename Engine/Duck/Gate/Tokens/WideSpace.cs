namespace Rat.Engine.Duck.Gate.Tokens;

/// <summary>The spaces outside of ASCII that DuckDB takes for a plain space where it isn't quoted.</summary>
internal static class WideSpace
{
    /// <summary>Length in bytes of the one that begins there, or 0.</summary>
    public static int LengthAt(ReadOnlySpan<byte> text, int at)
    {
        if (text[at] < 0xC2)
            return 0;
        var rest = text[at..];
        return rest switch
        {
            [0xC2, 0xA0, ..] => 2, // U+00A0
            [0xE2, 0x80, >= 0x80 and <= 0x8B, ..] => 3, // U+2000 to U+200B
            [0xE2, 0x80, 0xAF, ..] => 3, // U+202F
            [0xE2, 0x81, 0x9F or 0xA0, ..] => 3, // U+205F, U+2060
            [0xE3, 0x80, 0x80, ..] => 3, // U+3000
            [0xEF, 0xBB, 0xBF, ..] => 3, // U+FEFF
            _ => 0,
        };
    }
}

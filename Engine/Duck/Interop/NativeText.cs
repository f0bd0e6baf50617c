using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Interop;

/// <summary>Strings that the C API hands out.</summary>
internal static class NativeText
{
    /// <summary>Reads a text that stays DuckDB's; null when there is none.</summary>
    public static string? Read(nint text) => Marshal.PtrToStringUTF8(text);

    /// <summary>Reads a text that is ours to free, and frees it; null when there is none.</summary>
    public static string? Take(nint text)
    {
        if (text == 0)
            return null;
        var value = Marshal.PtrToStringUTF8(text);
        NativeMethods.Helpers.DuckDBFree(text);
        return value;
    }
}

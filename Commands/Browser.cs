using System.ComponentModel;
using System.Diagnostics;

namespace Rat.Commands;

/// <summary>Opens a page in the person's browser.</summary>
internal static class Browser
{
    /// <summary>Does nothing where there is no browser: the banner has told the URL.</summary>
    public static void Open(Uri page)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(page.AbsoluteUri) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [page.AbsoluteUri]);
        // A browser's own chatter must not end up between our log lines.
        start.RedirectStandardOutput = start.RedirectStandardError = !start.UseShellExecute;
        try
        {
            Process.Start(start)?.Dispose();
        }
        catch (Win32Exception)
        {
        }
    }
}

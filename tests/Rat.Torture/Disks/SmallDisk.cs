using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Rat.Torture.Disks;

/// <summary>A file system of its own, small, in memory; made by root only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _root;

    private SmallDisk(string root) => _root = root;

    /// <summary>Bytes that can still be written.</summary>
    public long Free => new DriveInfo(_root).AvailableFreeSpace;

    private string Ballast => Path.Combine(_root, "ballast");

    /// <summary>Null when it can't be mounted; <paramref name="reason"/> says why.</summary>
    public static SmallDisk? TryMount(string root, int megabytes, out string reason)
    {
        Directory.CreateDirectory(root);
        reason = Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "rat-torture", root);
        return reason.Length == 0 ? new SmallDisk(root) : null;
    }

    /// <summary>Takes all space but <paramref name="free"/> bytes.</summary>
    public void Fill(long free)
    {
        Empty();
        var block = new byte[4096];
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var left = Free - free; left > 0; left -= block.Length)
                ballast.Write(block);
        }
        catch (IOException) when (Free < block.Length)
        {
            // Somebody else took the last block.
        }
    }

    /// <summary>Gives the space back.</summary>
    public void Empty() => File.Delete(Ballast);

    /// <summary>Answers the system's error, empty when it worked.</summary>
    public string SetReadOnly(bool isReadOnly) => Run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", _root);

    public void Dispose() => Run("umount", "--lazy", _root);

    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : error;
        }
        catch (Win32Exception missing)
        {
            return $"{program} can't be started: {missing.Message}";
        }
    }
}

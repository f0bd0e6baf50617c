using System.Diagnostics;

namespace Rat.Tests.Browser;

/// <summary>A real browser without a window: the one that <c>RAT_BROWSER</c> names, else Chromium or Chrome of the system.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    private readonly Process _process;
    private readonly DirectoryInfo _profile;

    private Chromium(Process process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>Null when there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable("RAT_BROWSER") is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Opens a page and stays on it. Names that end in <c>.example</c> are this machine.</summary>
    public static Chromium Open(string address) => Start(address);

    /// <summary>The page's text once it is loaded.</summary>
    public static async Task<string> ReadAsync(string address)
    {
        await using var browser = Start(address, "--dump-dom");
        return await browser._process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }

    private static Chromium Start(string address, params string[] options)
    {
        var profile = Directory.CreateTempSubdirectory("rat-test-browser-");
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", $"--user-data-dir={profile.FullName}",
            "--no-proxy-server", "--host-resolver-rules=MAP *.example 127.0.0.1", .. options, address,
        ];
        var start = new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new Chromium(process, profile);
    }
}

/// <summary>A test that needs a browser; skipped, and counted as skipped, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Chromium.Program is null)
            Skip = "no Chromium: install it, or name one with RAT_BROWSER";
    }
}

using System.Diagnostics;

namespace Rat.Torture.Disks;

/// <summary>A start of the server that must be refused: one line on standard error, exit code 2, nothing changed.</summary>
/// <param name="Exit">Null when the process was still there after a while, and was killed.</param>
internal sealed record Refusal(int? Exit, IReadOnlyList<string> Errors, string Output, TimeSpan Took)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The server was not refused at all.</summary>
    public bool Started => Exit is null && Output.Contains("listening on", StringComparison.Ordinal);

    public bool IsProper => Exit == 2 && Errors.Count == 1 && !Output.Contains("listening on", StringComparison.Ordinal);

    /// <param name="wrapper">A program with its arguments that starts the server in its turn.</param>
    public static async Task<Refusal> OfAsync(string binary, string dataDirectory, string listen = "127.0.0.1:0", params string[] wrapper)
    {
        string[] command = [.. wrapper, binary, "serve", "--data-dir", dataDirectory, "--listen", listen];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int? exit = process.HasExited ? process.ExitCode : null;
        if (exit is null)
            process.Kill(entireProcessTree: true);
        var lines = (await error).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new Refusal(exit, lines, await output, TimeProvider.System.GetElapsedTime(began));
    }

    public override string ToString() =>
        $"exit code {(Exit is { } code ? $"{code}" : "none")}, {Errors.Count} lines: "
        + $"{string.Join(" | ", Errors.Take(5))}; output: {Output}";
}

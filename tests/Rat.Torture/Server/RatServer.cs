using System.Diagnostics;
using System.Globalization;

namespace Rat.Torture.Server;

/// <summary>A server under torture, without rate limit.</summary>
internal sealed class RatServer : IAsyncDisposable
{
    private const string ListeningOn = "listening on ";

    // Under strace, on a machine that does other things too.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RatServer(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Set once the server listens.</summary>
    public RatApi Api { get; private set; } = null!;

    public int ProcessId => _process.Id;

    /// <summary>False once the process has ended, however it ended.</summary>
    public bool IsAlive => !_process.HasExited;

    /// <summary>The last lines of both outputs, for messages.</summary>
    public string Tail
    {
        get
        {
            lock (_output)
                return string.Join("\n    ", _output.TakeLast(20));
        }
    }

    /// <summary>Starts <c>rat serve</c> on a data directory and returns once it listens.</summary>
    /// <param name="wrapper">A program with its arguments that starts the server in its turn.</param>
    public static Task<RatServer> StartAsync(string binary, string dataDirectory, params string[] wrapper) =>
        ListeningAsync(Launch(binary, dataDirectory, wrapper));

    /// <inheritdoc cref="StartAsync(string, string, string[])"/>
    public static Task<RatServer> StartAsync(string binary, string dataDirectory, IReadOnlyDictionary<string, string> environment)
    {
        var start = StartOf(binary, dataDirectory);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return ListeningAsync(new RatServer(Process.Start(start)!));
    }

    private static async Task<RatServer> ListeningAsync(RatServer server)
    {
        try
        {
            server.Api = new RatApi(await server._listening.Task.WaitAsync(Patience));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process and returns at once; <see cref="Api"/> isn't there.</summary>
    public static RatServer Launch(string binary, string dataDirectory, params string[] wrapper) =>
        new(Process.Start(StartOf(binary, dataDirectory, wrapper))!);

    private static ProcessStartInfo StartOf(string binary, string dataDirectory, params string[] wrapper)
    {
        string[] command = [.. wrapper, binary, "serve", "--data-dir", dataDirectory, "--listen", "127.0.0.1:0"];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["RATE_LIMIT"] = "0";
        return start;
    }

    /// <summary>SIGKILL, now.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        Api?.Dispose();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-s", "TERM", ServerProcessId()]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Api?.Dispose();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (IsAlive)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Api?.Dispose();
    }

    // The wrapper's child, when there is a wrapper that has one.
    private string ServerProcessId()
    {
        var own = _process.Id.ToString(CultureInfo.InvariantCulture);
        var children = File.ReadAllText($"/proc/{own}/task/{own}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return children is [var only] ? only : own;
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException($"rat ended before it listened:\n    {Tail}"));
            return;
        }

        lock (_output)
            _output.Add(line);
        if (line.StartsWith(ListeningOn, StringComparison.Ordinal))
            _listening.TrySetResult(new Uri(line[ListeningOn.Length..]));
    }
}

using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Rat.Tests.Http;

/// <summary>The program as a process of its own, on any free port: the file that RAT_BINARY names, else the one beside the tests.</summary>
internal sealed class RatProcess : IAsyncDisposable
{
    private const string ListeningOn = "listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RatProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>The data directory of <see cref="ServeAsync"/>.</summary>
    public string DataDirectory { get; private set; } = "";

    /// <summary>Everything written so far to either output.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return _output.ToList();
        }
    }

    /// <summary>Starts <c>rat serve</c> in a data directory of its own and returns once it listens.</summary>
    public static async Task<RatProcess> ServeAsync(
        IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null, params string[] arguments)
    {
        var data = Directory.CreateTempSubdirectory("rat-test-");
        string[] standard = arguments.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];
        var directory = Path.Combine(data.FullName, "data");
        var rat = Start(["serve", "--data-dir", directory, .. standard, .. arguments], environment, workingDirectory);
        (rat.DataRoot, rat.DataDirectory) = (data, directory);
        await rat.ConnectAsync();
        return rat;
    }

    /// <summary>Waits until it listens; then <see cref="Client"/> can be used.</summary>
    public async Task ConnectAsync() => Client = new HttpClient(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    })
    { BaseAddress = await ListeningAsync() };

    public static RatProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null) =>
        StartBy([], arguments, environment, workingDirectory);

    /// <param name="launcher">A command line that gets the program's own appended and replaces itself with it.</param>
    public static RatProcess StartBy(
        string[] launcher, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        var beside = Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "rat");
        string[] line = [.. launcher, Environment.GetEnvironmentVariable("RAT_BINARY") ?? beside, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new RatProcess(Process.Start(start)!);
    }

    /// <summary>Returns once the server listens, with its address.</summary>
    public Task<Uri> ListeningAsync() => _listening.Task.WaitAsync(Patience);

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Client?.Dispose();
        DataRoot?.Delete(recursive: true);
    }

    private DirectoryInfo? DataRoot { get; set; }

    private void Read(string? line)
    {
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException($"rat ended: {string.Join('\n', Output)}"));
            return;
        }

        lock (_output)
            _output.Add(line);
        if (line.StartsWith(ListeningOn, StringComparison.Ordinal))
            _listening.TrySetResult(new Uri(line[ListeningOn.Length..]));
    }
}

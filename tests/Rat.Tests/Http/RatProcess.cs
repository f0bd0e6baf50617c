using System.Diagnostics;
using System.Reflection;
using System.Text;
using Rat.Tests.Kept;

namespace Rat.Tests.Http;

/// <summary>The program as a process of its own, on any free port: the file that RAT_BINARY names, else the one beside the tests.</summary>
internal sealed class RatProcess : IAsyncDisposable
{
    private const string ListeningOn = "listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(TestStorage.IsS3 ? 60 : 20);

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

    /// <summary>Absolute; empty for a command that isn't <c>serve</c>.</summary>
    public string DataDirectory { get; private set; } = "";

    /// <summary>What it keeps in its data directory or bucket.</summary>
    public KeptFiles Files => KeptFiles.Of(DataDirectory);

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
        var root = Directory.CreateTempSubdirectory("rat-test-");
        var rat = await ServeOnAsync(Path.Combine(root.FullName, "data"), environment, workingDirectory, arguments);
        rat.DataRoot = root;
        return rat;
    }

    /// <summary>Starts <c>rat serve</c> on a data directory that outlives it, and returns once it listens.</summary>
    public static Task<RatProcess> ServeOnAsync(
        string dataDirectory, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null, params string[] arguments)
    {
        string[] standard = arguments.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];
        return ListeningAsync(Start(["serve", "--data-dir", dataDirectory, .. standard, .. arguments], environment, workingDirectory), dataDirectory);
    }

    /// <summary>Starts <c>rat serve</c> without any environment but that of its storage, on a data directory that outlives it. A published file is copied into
    /// <paramref name="folder"/>, which is empty, and runs from there.</summary>
    public static Task<RatProcess> ServeAloneAsync(string folder, string dataDirectory)
    {
        var start = StartOf(["serve", "--data-dir", dataDirectory, "--listen", "127.0.0.1:0"], folder);
        start.Environment.Clear();
        SetStorage(start);
        if (Published is { } published)
        {
            start.FileName = Path.Combine(folder, "rat");
            File.Copy(published, start.FileName);
        }
        else if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } runtime)
        {
            // The file beside the tests is no program by itself.
            start.Environment["DOTNET_ROOT"] = runtime;
        }

        return ListeningAsync(new RatProcess(Process.Start(start)!), dataDirectory);
    }

    public static RatProcess Start(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? workingDirectory = null)
    {
        var start = StartOf(arguments, workingDirectory ?? Path.GetTempPath());
        return Start(start, environment);
    }

    /// <param name="launcher">A command line that gets the program's own appended and replaces itself with it.</param>
    public static RatProcess StartBy(string[] launcher, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = StartOf([.. launcher[1..], Published ?? Beside, .. arguments], Path.GetTempPath());
        start.FileName = launcher[0];
        return Start(start, environment);
    }

    /// <summary>Waits until the server listens.</summary>
    public static async Task<RatProcess> ListeningAsync(RatProcess rat, string dataDirectory)
    {
        rat.DataDirectory = dataDirectory;
        var address = await rat._listening.Task.WaitAsync(Patience);
        TestStorage.Listens(dataDirectory, address);
        rat.Client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        })
        { BaseAddress = address };
        return rat;
    }

    private static RatProcess Start(ProcessStartInfo start, IReadOnlyDictionary<string, string>? environment)
    {
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        SetStorage(start);
        return new RatProcess(Process.Start(start)!);
    }

    // A server whose data directory is known keeps its files where the tests say, unless its test says where.
    private static void SetStorage(ProcessStartInfo start)
    {
        var directory = start.ArgumentList.SkipWhile(argument => argument != "serve").SkipWhile(argument => argument != "--data-dir").ElementAtOrDefault(1);
        if (directory is null || start.Environment.ContainsKey("S3_ENDPOINT"))
            return;
        foreach (var (name, value) in TestStorage.EnvironmentOf(Path.GetFullPath(directory, start.WorkingDirectory)))
            start.Environment[name] = value;
    }

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

    private static string Beside => Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!, "rat");

    private static string? Published => Environment.GetEnvironmentVariable("RAT_BINARY");

    private DirectoryInfo? DataRoot { get; set; }

    private static ProcessStartInfo StartOf(IEnumerable<string> arguments, string workingDirectory) => new(Published ?? Beside, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = workingDirectory,
    };

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

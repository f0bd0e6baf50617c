using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Disks;

/// <summary>Starts on a data directory or an address that can't be used.</summary>
internal sealed class BadStarts(TortureOptions options, Checks checks, string folder)
{
    private readonly DataFolder _data = new(Path.Combine(folder, "data"));
    private readonly Random _random = options.NewRandom(30);

    public async Task RunAsync()
    {
        await using (var server = await RatServer.StartAsync(options.Binary, _data.Root))
        {
            await server.Api.CreatePipelineAsync("bronze", "kept", "SELECT range AS i FROM range(1000)");
            var run = await server.Api.RunAsync("bronze", "kept");
            checks.That(run.Succeeded, "a run before the bad starts succeeds", run.ToString);
            await SecondServerAsync(server);
            await server.StopAsync();
        }

        await TakenPortAsync();
        await DamagedDatabasesAsync();
        await DamagedPagesAsync();
        await UnusableDirectoriesAsync();
        await ReadOnlyDirectoryAsync();
        await using var last = await RatServer.StartAsync(options.Binary, _data.Root);
        checks.That(
            (long)(await last.Api.QueryAsync("SELECT count(*) AS n FROM bronze.kept"))[0]!["n"]! == 1000,
            "after all bad starts everything is there");
    }

    private async Task SecondServerAsync(RatServer first)
    {
        var refusal = await Refusal.OfAsync(options.Binary, _data.Root);
        checks.That(refusal.IsProper, "a second server on the directory is refused", refusal.ToString);
        checks.Note($"a second server: {string.Join(" | ", refusal.Errors)} ({refusal.Took.TotalMilliseconds:0} ms)");
        checks.That((await first.Api.QueryAsync("SELECT * FROM bronze.kept")).Count == 1000, "the first server goes on");
    }

    private async Task TakenPortAsync()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");
        await RefusedAsync("a port that is taken", "already in use", listen: listen);

        // A run that waits must not be begun by a server that will not be there.
        var runs = await InterruptedRunsAsync();
        var refusal = await Refusal.OfAsync(options.Binary, _data.Root, listen);
        checks.That(refusal.IsProper, "a port that is taken is refused while runs wait", refusal.ToString);
        // What the killed server was executing may be failed by now; what waited goes on waiting.
        var now = Runs();
        checks.None(
            runs.Where(run => run.Value == "pending" && now[run.Key] != "pending").Select(run => $"{run.Key} is {now[run.Key]}"),
            "a server whose port is taken begins no run that waits");

        await using var server = await RatServer.StartAsync(options.Binary, _data.Root);
        foreach (var run in await server.Api.RunsAsync("slow"))
            checks.That((await EndAsync(server.Api, run.Id)).HasEnded, "runs that waited end once a server is there");
        await server.StopAsync();
    }

    // A server is killed with one run under way and one that waits for its table.
    private async Task<Dictionary<string, string>> InterruptedRunsAsync()
    {
        await using var server = await RatServer.StartAsync(options.Binary, _data.Root);
        await server.Api.CreatePipelineAsync("bronze", "slow", "SELECT count(*) AS n FROM range(2000000) AS a WHERE md5(a.range::VARCHAR) < 'x'");
        await server.Api.StartRunAsync("bronze", "slow");
        await server.Api.StartRunAsync("bronze", "slow");
        await server.KillAsync();
        return Runs();
    }

    private Dictionary<string, string> Runs() => _data.Select("SELECT id, status FROM runs").ToDictionary(row => row[0], row => row[1]);

    private async Task DamagedDatabasesAsync()
    {
        var whole = File.ReadAllBytes(_data.Database);
        var noise = new byte[whole.Length];
        _random.NextBytes(noise);
        (string What, byte[] Content)[] damages =
        [
            ("a database of random bytes", noise),
            ("a database with a random header", [.. noise[..100], .. whole[100..]]),
            ("half a database", whole[..(whole.Length / 2)]),
            ("a database of 100 bytes", whole[..100]),
            ("an empty database", []),
        ];
        foreach (var (what, content) in damages)
        {
            File.WriteAllBytes(_data.Database, content);
            await RefusedAsync(what, "rat.db");
        }

        File.Delete(_data.Database);
        await RefusedAsync("a directory whose database is gone", "rat.db is missing");

        // The schema's number lies at offset 60, big-endian (SQLite, "Database File Format", 1.3).
        var newer = (byte[])whole.Clone();
        newer[62] = 0x27;
        File.WriteAllBytes(_data.Database, newer);
        await RefusedAsync("a database of a newer version", "newer");
        File.WriteAllBytes(_data.Database, whole);
    }

    // Some page of the database is lost: whether the server starts or not, it must not take the files for rubbish.
    private async Task DamagedPagesAsync()
    {
        const int PageSize = 4096;
        var whole = File.ReadAllBytes(_data.Database);
        var before = Files();
        var pages = Enumerable.Range(1, (whole.Length / PageSize) - 1).ToArray();
        _random.Shuffle(pages);
        var started = 0;
        foreach (var page in pages.Take(options.Full ? 24 : 5))
        {
            var damaged = (byte[])whole.Clone();
            damaged.AsSpan(page * PageSize, PageSize).Clear();
            File.WriteAllBytes(_data.Database, damaged);
            started += await StartsAsync() ? 1 : 0;
            checks.None(before.Except(Files()), $"a lost page of the database costs no files");
        }

        File.WriteAllBytes(_data.Database, whole);
        File.Delete(_data.Database + "-wal");
        File.Delete(_data.Database + "-shm");
        checks.Note($"{started} of {Math.Min(pages.Length, options.Full ? 24 : 5)} starts with a lost page were not refused");

        List<string> Files() =>
            [.. ((string[])["lake", "objects"]).Select(name => Path.Combine(_data.Root, name))
                .SelectMany(path => Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))];
    }

    // Long enough for the sweep that follows a start.
    private async Task<bool> StartsAsync()
    {
        try
        {
            await using var server = await RatServer.StartAsync(options.Binary, _data.Root);
            await Task.Delay(1500);
            return true;
        }
        catch (InvalidOperationException)
        {
            var refusal = await Refusal.OfAsync(options.Binary, _data.Root);
            checks.That(refusal.IsProper, "a start that a lost page prevents is refused with one line and exit code 2", refusal.ToString);
            return false;
        }
    }

    private async Task UnusableDirectoriesAsync()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        await RefusedAsync("a file in place of the directory", "can't be used", directory: file);
        await RefusedAsync("a directory below a file", "can't be used", directory: Path.Combine(file, "data"));

        if (!OperatingSystem.IsWindows() && !Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(_data.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            await RefusedAsync("a directory that is not writable", "denied");
            File.SetUnixFileMode(_data.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else if (File.Exists("/usr/bin/setpriv"))
        {
            string[] nobody = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
            await RefusedAsync("a directory of another user", "denied", wrapper: nobody);
        }
        else
        {
            checks.Skip("a directory that is not writable", "root can write everywhere, and there is no setpriv");
        }
    }

    private async Task ReadOnlyDirectoryAsync()
    {
        var mounted = Path.Combine(folder, "readonly");
        using var disk = SmallDisk.TryMount(mounted, 64, out var reason);
        if (disk is null)
        {
            checks.Skip("a read-only directory", reason);
            return;
        }

        var data = Path.Combine(mounted, "data");
        await using (var server = await RatServer.StartAsync(options.Binary, data))
            await server.StopAsync();
        checks.That(disk.SetReadOnly(true).Length == 0, "the disk is made read-only");
        await RefusedAsync("a read-only directory", "Read-only", directory: data);
        await RefusedAsync("a new directory on a read-only disk", "Read-only", directory: Path.Combine(mounted, "other"));
    }

    /// <param name="word">What the line must tell.</param>
    private async Task RefusedAsync(string what, string word, string? directory = null, string listen = "127.0.0.1:0", params string[] wrapper)
    {
        var data = directory is null ? _data : new DataFolder(directory);
        var before = Directory.Exists(data.Root) ? data.Fingerprint() : new Dictionary<string, string>();
        var refusal = await Refusal.OfAsync(options.Binary, data.Root, listen, wrapper);
        checks.That(refusal.IsProper, $"{what} is refused with one line and exit code 2", refusal.ToString);
        checks.That(refusal.Errors.Any(line => line.Contains(word, StringComparison.Ordinal)), $"{what}: the line says why", refusal.ToString);
        var after = Directory.Exists(data.Root) ? data.Fingerprint() : new Dictionary<string, string>();
        checks.None(
            before.Except(after).Select(file => $"{file.Key} is gone or changed")
                .Concat(after.Keys.Except(before.Keys).Select(file => $"{file} is new")),
            $"{what}: nothing has changed on disk");
        checks.Note($"{what}: {string.Join(" | ", refusal.Errors)}");
    }

    private static async Task<RunState> EndAsync(RatApi api, string id)
    {
        for (var i = 0; i < 200; i++)
        {
            if (await api.StateAsync(id) is { HasEnded: true } ended)
                return ended;
            await Task.Delay(100);
        }

        return await api.StateAsync(id);
    }
}

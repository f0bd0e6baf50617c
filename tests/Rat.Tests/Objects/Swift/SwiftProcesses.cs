using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rat.Tests.Objects.Swift;

/// <summary>OpenStack Swift with its S3 interface, in a folder of its own on free ports: a proxy, a server each for accounts, containers and
/// objects, and the memcached that its authentication needs. However the process that has started them ends, they end with it.</summary>
internal sealed class SwiftProcesses : IAsyncDisposable
{
    /// <summary>Runs a program until it ends or this process does: then its standard input is at its end. What it writes goes to a file, since a
    /// pipe would have to be emptied.</summary>
    private const string Launcher = """
        log=$0; "$@" >"$log" 2>&1 </dev/null & child=$!; trap 'kill -9 $child' TERM INT HUP; exec 3<&0 2>/dev/null; { cat <&3 >/dev/null; kill -9 $child; } & wait $child
        """;

    private static readonly string[] Rings = ["account", "container", "object"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-test-swift-");
    private readonly List<Process> _processes = [];

    private SwiftProcesses()
    {
    }

    /// <summary>Of the S3 interface, and of Swift's own.</summary>
    public int Port { get; private set; }

    /// <param name="listing">How many keys a page of a listing has.</param>
    public static async Task<SwiftProcesses> StartAsync(int listing = 1000)
    {
        var swift = new SwiftProcesses();
        await swift.InitializeAsync(listing);
        return swift;
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        return ValueTask.CompletedTask;
    }

    public void Stop()
    {
        foreach (var process in _processes)
        {
            process.StandardInput.Close();
            process.WaitForExit();
            process.Dispose();
        }

        _processes.Clear();
        _folder.Delete(recursive: true);
    }

    private async Task InitializeAsync(int listing)
    {
        foreach (var below in new[] { "etc", "srv/d1", "log" })
            _folder.CreateSubdirectory(below);
        var ports = FreePorts(5);
        Port = ports[0];
        File.WriteAllText(Below("etc/swift.conf"), SwiftConfiguration.Hash);
        File.WriteAllText(Below("etc/proxy.conf"), SwiftConfiguration.Proxy(_folder.FullName, Port, memcached: ports[4], listing));
        for (var i = 0; i < Rings.Length; i++)
        {
            SwiftRing.Write(Below($"etc/{Rings[i]}.ring.gz"), ports[i + 1]);
            File.WriteAllText(Below($"etc/{Rings[i]}.conf"), SwiftConfiguration.Server(_folder.FullName, Rings[i], ports[i + 1]));
        }

        string[] user = Environment.UserName == "root" ? ["-u", "root"] : [];
        Start("memcached", ["-l", "127.0.0.1", "-p", $"{ports[4]}", "-m", "16", .. user]);
        foreach (var name in Rings)
            Start(name, Below($"etc/{name}.conf"));
        // The proxy shuns for a minute what didn't answer it once.
        foreach (var port in ports[1..])
            await UntilAsync(() => ConnectAsync(port));
        Start("proxy", Below("etc/proxy.conf"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await UntilAsync(async () =>
        {
            using var answer = await http.GetAsync($"http://127.0.0.1:{Port}/healthcheck");
            return answer.IsSuccessStatusCode;
        });
    }

    private static async Task<bool> ConnectAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return true;
    }

    private async Task UntilAsync(Func<Task<bool>> isUp)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isUp())
                    return;
            }
            catch (Exception notYet) when (notYet is HttpRequestException or SocketException
                && _processes.TrueForAll(process => !process.HasExited) && Stopwatch.GetElapsedTime(begun).TotalMinutes < 3)
            {
            }

            await Task.Delay(100);
        }
    }

    private void Start(string name, params string[] arguments)
    {
        var root = SwiftPackages.Root;
        string[] command = name == "memcached"
            ? [$"{root}/usr/bin/memcached", .. arguments]
            : ["/usr/bin/python3", "-W", "ignore", $"{root}/usr/bin/swift-{name}-server", .. arguments];
        var start = new ProcessStartInfo("/bin/sh", ["-c", Launcher, Below($"log/{name}"), .. command])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
        };
        start.Environment["PYTHONPATH"] = $"{root}/usr/lib/python3/dist-packages";
        start.Environment["LD_LIBRARY_PATH"] = $"{root}/usr/lib/x86_64-linux-gnu:{root}/usr/lib/aarch64-linux-gnu";
        start.Environment["SWIFT_DIR"] = Below("etc");
        _processes.Add(Process.Start(start)!);
    }

    private string Below(string path) => Path.Combine(_folder.FullName, path);

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Rat.Storage.Objects.S3;

namespace Rat.Tests.Objects.Swift;

/// <summary>OpenStack Swift with its S3 interface, in a folder of its own on free ports: a proxy, a server each for accounts, containers and
/// objects, and the memcached that its authentication needs.</summary>
public sealed class SwiftServer : IAsyncLifetime
{
    private static readonly string[] Rings = ["account", "container", "object"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-test-swift-");
    private readonly List<Process> _processes = [];

    /// <summary>Of the S3 interface.</summary>
    public int Port { get; private set; }

    public async Task InitializeAsync()
    {
        if (SwiftPackages.Missing is not null)
            return;
        foreach (var below in new[] { "etc", "srv/d1", "log" })
            _folder.CreateSubdirectory(below);
        var ports = FreePorts(5);
        Port = ports[0];
        File.WriteAllText(Below("etc/swift.conf"), SwiftConfiguration.Hash);
        File.WriteAllText(Below("etc/proxy.conf"), SwiftConfiguration.Proxy(_folder.FullName, Port, memcached: ports[4]));
        for (var i = 0; i < Rings.Length; i++)
        {
            SwiftRing.Write(Below($"etc/{Rings[i]}.ring.gz"), ports[i + 1]);
            File.WriteAllText(Below($"etc/{Rings[i]}.conf"), SwiftConfiguration.Server(_folder.FullName, Rings[i], ports[i + 1]));
        }

        string[] user = Environment.UserName == "root" ? ["-u", "root"] : [];
        Start("memcached", ["-l", "127.0.0.1", "-p", $"{ports[4]}", "-m", "16", .. user]);
        foreach (var name in Rings.Append("proxy"))
            Start(name, Below($"etc/{name}.conf"));
        await WaitAsync();
    }

    public Task DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>What reaches a bucket of the server; the times are long, since the server is slow where much else runs.</summary>
    internal S3Settings Settings(string bucket, int? port = null) => new($"127.0.0.1:{port ?? Port}", bucket, "test:tester", "testing")
    {
        MetadataTimeout = TimeSpan.FromSeconds(60),
        PartBytes = 5 << 20,
        LargestCopy = 6 << 20,
    };

    /// <summary>Lets anyone read a bucket, by Swift's own interface.</summary>
    /// <returns>The bucket's address.</returns>
    public async Task<string> OpenToAllAsync(string bucket)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var login = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Port}/auth/v1.0") { Headers = { { "X-Auth-User", "test:tester" }, { "X-Auth-Key", "testing" } } };
        using var entered = await http.SendAsync(login);
        var address = $"{entered.Headers.GetValues("X-Storage-Url").Single()}/{bucket}";
        using var change = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Headers = { { "X-Auth-Token", entered.Headers.GetValues("X-Auth-Token").Single() }, { "X-Container-Read", ".r:*" } },
        };
        using var changed = await http.SendAsync(change);
        changed.EnsureSuccessStatusCode();
        return address;
    }

    private async Task WaitAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync($"http://127.0.0.1:{Port}/healthcheck");
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException) when (_processes.TrueForAll(process => !process.HasExited) && Stopwatch.GetElapsedTime(begun).TotalMinutes < 3)
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
        // A file for what they write: a pipe would have to be emptied.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", Below($"log/{name}"), .. command]) { WorkingDirectory = _folder.FullName };
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

/// <summary>Tests that share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SwiftTests : ICollectionFixture<SwiftServer>
{
    public const string Name = "Swift";
}

using System.Diagnostics;
using Rat.Tests.Http;
using Rat.Tests.Kept;

namespace Rat.Tests.Contract;

/// <summary>A data directory on a file system of a few megabytes: what doesn't fit is refused, what is there stays whole.</summary>
public class FullDiskTests
{
    [FactWithSmallDisk]
    public async Task A_full_disk_refuses_and_damages_nothing()
    {
        await using var disk = new SmallDisk("6m");
        await using var rat = await disk.ServeAsync();
        var client = new ContractClient(rat.Client);
        (await client.PostAsync("/api/v1/landing-zones", new { @namespace = "default", name = "z" })).Expect(201);
        (await client.PutAsync("/api/v1/files/default/landing/z/_samples/s.csv", new { content = "old" })).Expect(200);
        (await client.PutAsync("/api/v1/files/default/a.sql", new { content = "old" })).Expect(200);

        // A file that alone is too much: refused, and its space is free again.
        var refused = await client.UploadAsync("/api/v1/landing-zones/default/z/files", "big.csv", new byte[20_000_000]);
        Assert.Contains("no space left", refused.ExpectError(503, "UNAVAILABLE"), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await client.GetAsync("/api/v1/landing-zones/default/z/files"))["total"]!);
        (await client.UploadAsync("/api/v1/landing-zones/default/z/files", "small.csv", new byte[1000])).Expect(201);

        // Then fill it up, coarse and fine.
        var written = 0;
        foreach (var size in new[] { 500_000, 50_000, 1000 })
        {
            while ((await client.PutAsync($"/api/v1/files/default/fill/{written}.txt", new { content = new string('x', size) })) is { Status: 200 })
                written++;
        }

        foreach (var path in new[] { "landing/z/_samples/s.csv", "a.sql" })
        {
            var overwriting = await client.PutAsync($"/api/v1/files/default/{path}", new { content = new string('y', 100_000) });
            Assert.True(overwriting.Status is 500 or 503, overwriting.Text);
            Assert.Equal("old", (await client.GetAsync($"/api/v1/files/default/{path}")).Expect(200).TextOf("content"));
        }

        var listed = (await client.GetAsync("/api/v1/files?prefix=default/fill/")).Expect(200)["files"]!.AsArray();
        Assert.Equal(written, listed.Count);
        foreach (var file in listed)
            Assert.Equal((int)file!["size"]!, (await client.GetAsync($"/api/v1/files/{(string)file["path"]!}")).Expect(200).TextOf("content").Length);
        Assert.Equal("not_ready", (await client.GetAsync("/health/ready")).Expect(503).TextOf("status"));
        rat.Signal("TERM");
        Assert.Equal(0, await rat.WaitForExitAsync());
    }

    [FactWithSmallDisk]
    public async Task Without_room_for_its_database_a_server_does_not_start()
    {
        await using var disk = new SmallDisk("64k");
        await using var rat = disk.Start();
        Assert.Equal(2, await rat.WaitForExitAsync());
        Assert.Contains("full", Assert.Single(rat.Output), StringComparison.Ordinal);
    }

    [FactWithSmallDisk]
    public async Task A_read_only_directory_is_one_line()
    {
        await using var disk = new SmallDisk("1m,ro");
        await using var rat = disk.Start();
        Assert.Equal(2, await rat.WaitForExitAsync());
        Assert.Contains("can't be used", Assert.Single(rat.Output), StringComparison.Ordinal);
    }

    /// <summary>A file system in memory that only the server sees: it is mounted in a namespace of the server's own and goes with it.</summary>
    private sealed class SmallDisk(string options) : IAsyncDisposable
    {
        private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("rat-test-");

        private string Data => Path.Combine(_mount.FullName, "data");

        public RatProcess Start() => RatProcess.StartBy(
            ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
                $"mount -t tmpfs -o size={options} tmpfs {_mount.FullName} && exec \"$@\"", "sh"],
            ["serve", "--listen", "127.0.0.1:0", "--data-dir", Data],
            new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });

        public Task<RatProcess> ServeAsync() => RatProcess.ListeningAsync(Start(), Data);

        public ValueTask DisposeAsync()
        {
            _mount.Delete(recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A fact that needs a small file system of its own, which this system must let an ordinary user mount.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithSmallDiskAttribute : FactAttribute
{
    private static readonly bool IsPossible = OperatingSystem.IsLinux() && CanMount();

    public FactWithSmallDiskAttribute() => Skip = TestStorage.IsS3 ? "user files are not on the disk" : IsPossible ? null : "user namespaces are not available";

    private static bool CanMount()
    {
        try
        {
            using var probe = Process.Start("unshare", ["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"]);
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

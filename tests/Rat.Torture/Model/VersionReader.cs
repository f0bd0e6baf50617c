using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rat.Torture.Model;

/// <summary>The independent readers in <c>tests/readers</c>: one process of Node that follows a table from version to version.</summary>
internal sealed class VersionReader : IDisposable
{
    private static readonly string Folder = FindFolder();
    private static readonly Lazy<bool> Installed = new(Install);

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);

    public VersionReader()
    {
        if (!Installed.Value)
            throw new InvalidOperationException("npm ci failed in tests/readers");
        _process = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "read-versions.mjs")])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    /// <summary>Reads the snapshots that weren't there before, and holds their manifests against the specification.</summary>
    public async Task<JsonElement> ReadAsync(string table, string metadataFile)
    {
        await _turn.WaitAsync();
        try
        {
            var request = new JsonObject { ["table"] = table, ["metadata"] = metadataFile };
            await _process.StandardInput.WriteLineAsync(request.ToJsonString());
            await _process.StandardInput.FlushAsync();
            var line = await _process.StandardOutput.ReadLineAsync() ?? throw new IOException("read-versions.mjs has ended");
            using var answer = JsonDocument.Parse(line);
            return answer.RootElement.Clone();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        _turn.Dispose();
    }

    /// <summary>A table as icebird reads it straight from its bucket: <c>rows</c>.</summary>
    /// <param name="baseUrl">Of the bucket, by HTTP.</param>
    public static async Task<JsonNode> ReadBucketAsync(string baseUrl, string metadataUri)
    {
        if (!Installed.Value)
            throw new InvalidOperationException("npm ci failed in tests/readers");
        using var reader = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "read-bucket.mjs"), baseUrl, metadataUri])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
        })!;
        var output = await reader.StandardOutput.ReadToEndAsync();
        await reader.WaitForExitAsync();
        return reader.ExitCode == 0 ? JsonNode.Parse(output)! : throw new IOException($"read-bucket.mjs ended with {reader.ExitCode}");
    }

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var readers = Path.Combine(folder.FullName, "tests", "readers");
            if (File.Exists(Path.Combine(readers, "package.json")))
                return readers;
        }

        throw new DirectoryNotFoundException("no folder tests/readers above the program");
    }

    private static bool Install()
    {
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            return true;
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
        {
            WorkingDirectory = Folder,
        })!;
        npm.WaitForExit();
        return npm.ExitCode == 0;
    }
}

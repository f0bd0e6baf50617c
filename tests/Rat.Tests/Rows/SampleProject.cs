using Rat.Tests.Contract;
using Rat.Tests.Http;
using Rat.Tests.Kept;

namespace Rat.Tests.Rows;

/// <summary>The sample project of the repository, run once from its files to its gold table by a server that starts without an environment;
/// a published file runs alone in an empty folder.</summary>
public sealed class SampleProject : IAsyncLifetime
{
    private static readonly string Files = Path.Combine(Repository.Root, "samples", "space-launches");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");
    private RatProcess? _rat;

    internal string DataDirectory { get; private set; } = "";

    internal TestPlatform Platform => new(new ContractClient(_rat!.Client), "default");

    internal Dictionary<string, EndedRun> Runs { get; } = [];

    public async Task InitializeAsync()
    {
        DataDirectory = Path.Combine(_root.FullName, "data");
        var alone = _root.CreateSubdirectory("alone").FullName;
        _rat = await RatProcess.ServeAloneAsync(alone, DataDirectory);
        foreach (var zone in Directory.EnumerateDirectories(Path.Combine(Files, "landing")))
        {
            foreach (var file in Directory.EnumerateFiles(zone))
                await Platform.UploadAsync(Path.GetFileName(zone), Path.GetFileName(file), await File.ReadAllTextAsync(file));
        }

        foreach (var layer in new[] { "bronze", "silver", "gold" })
        {
            foreach (var pipeline in Directory.EnumerateDirectories(Path.Combine(Files, "pipelines", layer)))
                await RunAsync(layer, Path.GetFileName(pipeline), pipeline);
        }
    }

    public async Task DisposeAsync()
    {
        await _rat!.DisposeAsync();
        _root.Delete(recursive: true);
    }

    /// <summary>Stops the server, moves its data directory, and starts a server there.</summary>
    internal async Task MoveAsync()
    {
        _rat!.Signal("TERM");
        Assert.Equal(0, await _rat.WaitForExitAsync());
        await _rat.DisposeAsync();
        var moved = Path.Combine(_root.CreateSubdirectory("elsewhere").FullName, "moved");
        Directory.Move(DataDirectory, moved);
        TestStorage.Moved(DataDirectory, moved);
        DataDirectory = moved;
        _rat = await RatProcess.ServeOnAsync(moved, new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
    }

    private async Task RunAsync(string layer, string name, string folder)
    {
        var config = await File.ReadAllTextAsync(Path.Combine(folder, "config.yaml"));
        Runs[name] = await Platform.RunSqlAsync(name, await File.ReadAllTextAsync(Path.Combine(folder, "pipeline.sql")), config, layer);
    }
}

using Rat.Tests.Contract;

namespace Rat.Tests.Http;

/// <summary>What the program needs of its surroundings, and what it leaves there. DuckDB is used each time: its library may have to be unpacked.</summary>
public sealed class AnywhereTests : IDisposable
{
    private static readonly bool IsPublished = Environment.GetEnvironmentVariable("RAT_BINARY") is not null;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");

    [Fact]
    public async Task Neither_a_home_nor_a_writable_folder_is_needed()
    {
        // Not even root can write a file below /proc.
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["HOME"] = "", ["XDG_CACHE_HOME"] = "" }, "/proc");
        await QueryAsync(rat);
    }

    [Fact]
    public async Task A_cache_folder_that_cannot_be_used_is_no_obstacle()
    {
        var file = Path.Combine(_root.FullName, "file");
        await File.WriteAllTextAsync(file, "");
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["XDG_CACHE_HOME"] = file });
        await QueryAsync(rat);
        Assert.Empty(await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task Besides_its_data_it_writes_nothing_but_the_unpacked_library()
    {
        var (home, work) = (_root.CreateSubdirectory("home").FullName, _root.CreateSubdirectory("work").FullName);
        var environment = new Dictionary<string, string> { ["HOME"] = home, ["XDG_CACHE_HOME"] = "" };
        await using (var rat = await RatProcess.ServeAsync(environment, work))
        {
            await QueryAsync(rat);
            rat.Signal("TERM");
            Assert.Equal(0, await rat.WaitForExitAsync());
        }

        var written = Directory.EnumerateFiles(_root.FullName, "*", SearchOption.AllDirectories);
        string[] expected = IsPublished ? ["libduckdb.so"] : [];
        Assert.Equal(expected, written.Select(Path.GetFileName));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static async Task QueryAsync(RatProcess rat)
    {
        var answer = (await new ContractClient(rat.Client).PostAsync("/api/v1/query", new { sql = "SELECT 6 * 7 AS answer" })).Expect(200);
        Assert.Equal("""[{"answer":42}]""", answer["rows"]!.ToJsonString());
    }
}

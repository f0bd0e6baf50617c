using Microsoft.Data.Sqlite;
using Rat.Tests.Kept;

namespace Rat.Tests.Http;

/// <summary>A server that can't start says why in one line, ends with 2 and leaves everything as it was.</summary>
public sealed class StartFailuresTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");

    private string Data => Path.Combine(_root.FullName, "data");

    private string Database => Path.Combine(Data, "rat.db");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_second_server_on_the_directory_is_refused_at_once_and_the_first_goes_on()
    {
        await using var first = await RatProcess.ServeAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await using var second = RatProcess.Start(["serve", "--listen", "127.0.0.1:0", "--data-dir", first.DataDirectory]);
        Assert.Equal(2, await second.WaitForExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Contains("in use by another rat", Assert.Single(second.Output), StringComparison.Ordinal);
        using var health = await first.Client.SendAsync("GET", "/api/v1/namespaces");
        Assert.Equal(200, (int)health.StatusCode);
    }

    [Fact]
    public async Task A_directory_is_free_again_after_a_kill()
    {
        await MakeAsync();
        await using var killed = await RatProcess.ServeOnAsync(Data);
        killed.Signal("KILL");
        await killed.WaitForExitAsync();
        await MakeAsync();
    }

    [Theory]
    [InlineData("this is no database, but long enough to have a header of one hundred bytes, which is what SQLite reads at first .......")]
    [InlineData("short")]
    public async Task A_database_that_is_none_is_refused_and_kept(string content)
    {
        await MakeAsync();
        RemoveLog();
        await File.WriteAllTextAsync(Database, content);
        Assert.Contains("rat.db", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(Database));
    }

    [Fact]
    public async Task A_database_with_a_damaged_schema_is_refused_and_kept()
    {
        await MakeAsync();
        RemoveLog();
        var bytes = await File.ReadAllBytesAsync(Database);
        Array.Fill(bytes, (byte)0xAB, 100, 3000); // the rest of page 1: the root of the schema
        await File.WriteAllBytesAsync(Database, bytes);
        Assert.Contains("rat.db", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task A_newer_database_is_refused_and_kept()
    {
        await MakeAsync();
        using (var connection = new SqliteConnection($"Data Source={Database};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 9999";
            command.ExecuteNonQuery();
        }

        var before = await File.ReadAllBytesAsync(Database);
        Assert.Contains("newer rat", await RefusedAsync(), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database));
    }

    [DiskTheory("user files and tables are not in the data directory")]
    [InlineData("objects/default/landing/z/a.csv")]
    [InlineData("lake/default/bronze/t/data/1.parquet")]
    public async Task Files_without_their_database_are_not_taken_for_rubbish(string file)
    {
        await MakeAsync();
        RemoveLog();
        File.Delete(Database);
        var path = Path.Combine(Data, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "x");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddDays(-1));
        Assert.Contains("rat.db is missing", await RefusedAsync(), StringComparison.Ordinal);
        Assert.True(File.Exists(path));
        Assert.False(File.Exists(Database));
    }

    [Theory]
    [InlineData("/proc/rat-data")]
    [InlineData("/dev/null")]
    [InlineData("/dev/null/data")]
    public async Task A_directory_that_can_not_be_made_is_one_line(string data)
    {
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Contains(data, await RefusedAsync(data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_touches_no_run()
    {
        await MakeAsync();
        await using var first = await RatProcess.ServeAsync();
        await using var second = RatProcess.Start(["serve", "--listen", first.Client.BaseAddress!.Authority, "--data-dir", Data]);
        Assert.Equal(2, await second.WaitForExitAsync());
        Assert.Contains("already in use", Assert.Single(second.Output), StringComparison.Ordinal);
        await MakeAsync();
    }

    // A directory as a server that was stopped leaves it.
    private async Task MakeAsync()
    {
        await using var rat = await RatProcess.ServeOnAsync(Data);
        rat.Signal("TERM");
        Assert.Equal(0, await rat.WaitForExitAsync());
    }

    private void RemoveLog()
    {
        File.Delete(Database + "-wal");
        File.Delete(Database + "-shm");
    }

    private async Task<string> RefusedAsync(string? data = null)
    {
        await using var rat = RatProcess.Start(["serve", "--listen", "127.0.0.1:0", "--data-dir", data ?? Data]);
        Assert.Equal(2, await rat.WaitForExitAsync());
        var line = Assert.Single(rat.Output);
        Assert.StartsWith("rat serve: ", line, StringComparison.Ordinal);
        return line;
    }
}

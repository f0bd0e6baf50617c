using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rat.Storage;
using Rat.Storage.Backup;
using Xunit.Abstractions;

namespace Rat.Tests.Backup;

/// <summary>The pages that are gathered from SQLite's log, put into a copy of the database, make it the database again.</summary>
public sealed class PageCaptureTests(ITestOutputHelper output) : IDisposable
{
    // RAT_CAPTURES=500 for longer.
    private static readonly int Steps = Environment.GetEnvironmentVariable("RAT_CAPTURES") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture) : 60;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-capture-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_copy_with_all_captured_pages_is_the_database(int seed)
    {
        using var storage = OpenedStorage.Open(_folder.FullName).Value;
        using var capture = new PageCapture(storage.Database, TimeSpan.FromHours(1), TimeProvider.System, _ => { });
        storage.Database.Observe(capture);
        var writes = new RandomWrites(storage.Database, storage.Directory.Database, seed);
        for (var step = 0; step < 10; step++)
            await writes.StepAsync();

        var copy = Path.Combine(_folder.FullName, "copy.db");
        var begun = await capture.BeginAsync();
        // The copy is of the state at the beginning, whatever is written before it is made.
        for (var step = 0; step < 3; step++)
            await writes.StepAsync();
        using (begun.Start)
            BaseImage.Copy(begun.Start!.Connection, copy);

        var random = new Random(seed);
        var (cuts, pages) = (0, 0L);
        for (var step = 0; step < Steps; step++)
        {
            await writes.StepAsync();
            Assert.False(capture.IsBroken);
            if (random.Next(3) > 0)
                continue;
            var cut = await capture.CutAsync(withStart: true);
            using (cut.Start)
            {
                pages += Apply(cut.Changes, copy);
                cuts++;
                Assert.Equal(DatabaseText.Of(cut.Start!.Connection), DatabaseText.Of(copy));
            }
        }

        output.WriteLine($"{cuts} cuts, {pages} pages, {new FileInfo(copy).Length} bytes at the end");
    }

    [Fact]
    public async Task What_was_taken_back_is_not_in_the_copy()
    {
        using var storage = OpenedStorage.Open(_folder.FullName).Value;
        using var capture = new PageCapture(storage.Database, TimeSpan.FromHours(1), TimeProvider.System, _ => { });
        storage.Database.Observe(capture);
        var copy = Path.Combine(_folder.FullName, "copy.db");
        using (var begun = (await capture.BeginAsync()).Start)
            BaseImage.Copy(begun!.Connection, copy);
        var before = DatabaseText.Of(copy);

        // So much that its pages are in the log before it throws.
        await Assert.ThrowsAsync<InvalidOperationException>(() => storage.Database.WriteAsync<int>(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE filler (content BLOB);
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO filler SELECT randomblob(1000) FROM n;
                """;
            command.ExecuteNonQuery();
            throw new InvalidOperationException();
        }));
        Assert.True(new FileInfo(storage.Database.Log).Length > 8 << 20);
        Apply((await capture.CutAsync(withStart: false)).Changes, copy);
        Assert.Equal(before, DatabaseText.Of(copy));

        // The next one stands where that one was.
        await storage.Database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE filler (content BLOB)";
            return command.ExecuteNonQuery();
        });
        Apply((await capture.CutAsync(withStart: false)).Changes, copy);
        Assert.Contains("CREATE TABLE filler", DatabaseText.Of(copy), StringComparison.Ordinal);
        Assert.False(capture.IsBroken);
    }

    private static int Apply(PageChanges changes, string file)
    {
        using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        var pages = changes.InOrder();
        foreach (var (number, bytes) in pages)
            RandomAccess.Write(handle, bytes, (number - 1L) * changes.PageSize);
        if (!changes.IsEmpty)
            RandomAccess.SetLength(handle, (long)changes.DatabasePages * changes.PageSize);
        return pages.Count;
    }
}

using System.Diagnostics;
using System.Globalization;
using Rat.Storage.Backup;
using Rat.Storage.Metadata;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;
using Xunit.Abstractions;

namespace Rat.Tests.Backup;

/// <summary>What a backup costs; more of it with RAT_FIGURES=100000, the number of runs in the database.</summary>
[Collection(SwiftTests.Name)]
public sealed class BackupFiguresTests(SwiftServer server, ITestOutputHelper output) : IDisposable
{
    private static readonly int Runs = Environment.GetEnvironmentVariable("RAT_FIGURES") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture) : 2_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-figures-");

    public void Dispose() => _folder.Delete(recursive: true);

    [S3Fact]
    public async Task A_commit_costs_little_more_and_a_restore_seconds()
    {
        var place = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(place);
        var settings = new BackupSettings(place, BackupSettings.StandardPrefix);
        await using var directory = BackedUpDirectory.Open(settings);
        await directory.ExecuteAsync("""
            INSERT INTO namespaces (name, description, created_at) VALUES ('kept', '', 0);
            INSERT INTO pipelines (id, namespace, layer, name, type, created_at, updated_at) VALUES ('p', 'kept', 'bronze', 'p', 'sql', 0, 0);
            """);
        for (var first = 0; first < Runs; first += 1000)
            await directory.ExecuteAsync(InsertRuns(first, Math.Min(first + 1000, Runs)));
        await directory.ShipAsync();

        using var capture = new PageCapture(directory.Database, TimeSpan.FromHours(1), TimeProvider.System, _ => { });
        await capture.BeginAsync();
        var timed = new Timed(capture);
        directory.Database.Observe(timed);
        var commits = new List<double>();
        for (var times = 0; times < 1000; times++)
            commits.Add(await CommitAsync(directory.Database, Runs + times));
        directory.Database.Observe(null);
        Assert.False(capture.IsBroken);
        var cut = await capture.CutAsync(withStart: false);
        output.WriteLine($"a commit that inserts a run: {Median(commits):0.000} ms, of which the capture {Median(timed.Taken) * 1000:0} µs (median of {commits.Count}); "
            + $"{cut.Changes.InOrder().Count} pages in all");
        Assert.InRange(Median(timed.Taken), 0, 1);

        using var bucket = new BackupBucket(settings, TimeProvider.System);
        var begun = Stopwatch.GetTimestamp();
        var restored = await new Restore(bucket).RunAsync(Path.Combine(_folder.FullName, "restored"), (_, _) => Task.CompletedTask, CancellationToken.None);
        output.WriteLine($"restore of {Runs} runs: {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.00} s, "
            + $"database {new FileInfo(directory.Storage.Directory.Database).Length / 1e6:0.0} MB, sent {directory.Backup.Bytes / 1e6:0.0} MB");
        Assert.Equal(Runs, restored.Value.Contents.Runs);
    }

    private static async Task<double> CommitAsync(MetadataDatabase database, int number)
    {
        var begun = Stopwatch.GetTimestamp();
        await database.WriteAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = InsertRuns(number, number + 1);
            return command.ExecuteNonQuery();
        });
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }

    private static string InsertRuns(int first, int end) => $"""
        WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {end})
        INSERT INTO runs (id, seq, pipeline_id, namespace, layer, pipeline, status, trigger, created_at, started_at, finished_at, duration_ms, rows_written)
        SELECT printf('00000000-0000-4000-8000-%012d', i), i + 1, 'p', 'kept', 'bronze', 'p', 'success', 'manual', i * 1000000, i * 1000000 + 1000,
               i * 1000000 + 25000, 24, i % 1000 FROM n;
        """;

    private sealed class Timed(ICommitObserver observer) : ICommitObserver
    {
        public List<double> Taken { get; } = [];

        public void Committed(ListedTables touched)
        {
            var begun = Stopwatch.GetTimestamp();
            observer.Committed(touched);
            Taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

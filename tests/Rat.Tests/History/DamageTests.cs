using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Tests.Contract;
using Rat.Tests.Kept;
using Rat.Tests.Rows;

namespace Rat.Tests.History;

/// <summary>Tables whose files or pointer somebody else has changed: named, and nobody else's problem.</summary>
public class DamageTests(UncachedServer server) : IClassFixture<UncachedServer>
{
    private const string Append = "merge_strategy: append_only";
    private const string NotLookedAt = "a commit doesn't look at what a bucket keeps: it builds on the database";

    private KeptFiles Files => server.Process.Files;

    [Theory]
    [InlineData("missing", "is missing")]
    [InlineData("cut", "was changed: it has ")]
    [InlineData("empty", "was changed: it has 0 bytes instead of ")]
    [InlineData("swapped", "was changed: it has ")]
    public async Task A_data_file_that_is_not_the_one_is_named(string damage, string message)
    {
        var platform = await server.NewPlatformAsync(damage);
        (await platform.RunSqlAsync("other", "SELECT 'other' AS x, 2 AS y")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.p"));
        var files = server.DataFiles(platform.Namespace);
        var file = files.Single(path => path.Contains("/p-", StringComparison.Ordinal));
        Damage(damage, file, files.Single(path => path != file));

        var expected = $"table {platform.Namespace}.bronze.p can't be used: its file {Path.GetFileName(file)} {message}";
        List<string> errors =
        [
            (await platform.QueryAsync("FROM bronze.p")).ExpectError(400),
            (await platform.QueryAsync("SELECT count(*) FROM bronze.other, bronze.p")).ExpectError(400),
            (await platform.Client.GetAsync($"/api/v1/tables/{platform.Namespace}/bronze/p/preview")).ExpectError(400),
            (await platform.RunSqlAsync("reader", "SELECT * FROM {{ ref('bronze.p') }}", "max_retries: 3")).ExpectFailure(),
        ];
        // An appending run reads nothing of its table, so that of a bucket it isn't looked at.
        if (!TestStorage.IsS3)
            errors.Add((await platform.RunSqlAsync("p", "SELECT 2 AS x", Append)).ExpectFailure());
        foreach (var error in errors)
        {
            Assert.StartsWith(expected, error, StringComparison.Ordinal);
            server.AssertNothingLocal(error);
        }

        Assert.Equal("\"other\"", await platform.CellAsync("SELECT x FROM bronze.other"));
        (await platform.RunSqlAsync("other", "SELECT 'new' AS x")).ExpectSuccess();
        (await platform.Client.GetAsync("/api/v1/schema")).Expect(200);
        (await platform.Client.GetAsync($"/api/v1/tables?namespace={platform.Namespace}")).Expect(200);
        // Replacing the whole table needs nothing of what is lost.
        (await platform.RunSqlAsync("p", "SELECT 3 AS x")).ExpectSuccess();
        Assert.Equal("3", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [DiskFact("a bucket has no folders")]
    public async Task A_folder_in_place_of_a_data_file_is_a_missing_file()
    {
        var platform = await server.NewPlatformAsync("folder");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        var file = Assert.Single(server.DataFiles(platform.Namespace));
        Files.Delete(file);
        Directory.CreateDirectory(Path.Combine(server.Process.DataDirectory, file));
        Assert.Equal(
            $"table {platform.Namespace}.bronze.p can't be used: its file {Path.GetFileName(file)} is missing", (await platform.QueryAsync("FROM bronze.p")).ExpectError(400));
        (await platform.RunSqlAsync("p", "SELECT 2 AS x", Append)).ExpectFailure();
        (await platform.RunSqlAsync("p", "SELECT 3 AS x")).ExpectSuccess();
        Assert.Equal("3", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [DiskTheory(NotLookedAt)]
    [InlineData("missing", "its metadata file FILE is missing", true)]
    [InlineData("cut", "its metadata file FILE is damaged", true)]
    [InlineData("empty", "its metadata file FILE is damaged", true)]
    [InlineData("swapped", "its metadata file FILE is that of another table", false)]
    [InlineData("version 3", "its metadata file FILE has Iceberg's format version 3, written by another program; rat knows version 2", false)]
    public async Task A_metadata_file_that_is_not_the_one_is_not_built_on(string damage, string message, bool canBeReplaced)
    {
        var platform = await server.NewPlatformAsync(damage);
        (await platform.RunSqlAsync("other", "SELECT 'other' AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        var metadata = await MetadataFileAsync(platform, "p");
        if (damage == "version 3")
            Files.Write(metadata, AsVersion3(metadata));
        else
            Damage(damage, metadata, await MetadataFileAsync(platform, "other"));

        var error = (await platform.RunSqlAsync("p", "SELECT 2 AS x", Append)).ExpectFailure();
        Assert.Equal($"table {platform.Namespace}.bronze.p can't be used: {message.Replace("FILE", Path.GetFileName(metadata), StringComparison.Ordinal)}", error);
        // The rows are still there.
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.p"));
        (await platform.RunSqlAsync("other", "SELECT 'new' AS x", Append)).ExpectSuccess();
        var replaced = await platform.RunSqlAsync("p", "SELECT 3 AS x");
        Assert.Equal(canBeReplaced ? "success" : "failed", replaced.Status);
        Assert.Equal(canBeReplaced ? "3" : "1", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Theory]
    [InlineData("file:///somewhere/else/00009-x.metadata.json", "another program has moved its pointer to 00009-x.metadata.json")]
    [InlineData("OWN3", "written by another program; rat knows version 2")]
    [InlineData("../../../etc/passwd", "another program has moved its pointer to passwd")]
    [InlineData("OLDER", "another program has moved its pointer to 00001-")]
    public async Task A_pointer_that_another_program_has_moved_is_not_read_past(string place, string message)
    {
        var platform = await server.NewPlatformAsync("moved");
        (await platform.RunSqlAsync("other", "SELECT 'other' AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        var older = await MetadataFileAsync(platform, "p");
        (await platform.RunSqlAsync("p", "SELECT 2 AS x")).ExpectSuccess();
        if (place == "OWN3")
        {
            place = Path.GetDirectoryName(older) + "/00003-other.metadata.json";
            Files.Write(place, AsVersion3(await MetadataFileAsync(platform, "p")));
            // Of a bucket's file no more is known than that the pointer names it.
            if (TestStorage.IsS3)
                message = "another program has moved its pointer to 00003-other.metadata.json";
            place = Files.AddressOf(place);
        }
        else if (place == "OLDER")
        {
            place = older["lake/".Length..];
        }

        MovePointer(platform, "p", place);
        foreach (var error in new[]
        {
            (await platform.QueryAsync("FROM bronze.p")).ExpectError(400),
            (await platform.RunSqlAsync("reader", "SELECT * FROM {{ ref('bronze.p') }}")).ExpectFailure(),
            (await platform.RunSqlAsync("p", "SELECT 3 AS x")).ExpectFailure(),
            (await platform.RunSqlAsync("p", "SELECT 3 AS x", Append)).ExpectFailure(),
        })
        {
            Assert.StartsWith($"table {platform.Namespace}.bronze.p can't be used: ", error, StringComparison.Ordinal);
            Assert.Contains(message, error, StringComparison.Ordinal);
            server.AssertNothingLocal(error);
        }

        Assert.Equal("\"other\"", await platform.CellAsync("SELECT x FROM bronze.other"));
        (await platform.Client.GetAsync("/api/v1/schema")).Expect(200);
        (await platform.TableAsync("other")).Expect(200);
    }

    [Fact]
    public async Task A_pointer_that_moves_during_a_run_is_a_conflict_and_the_run_writes_nothing()
    {
        var platform = await server.NewPlatformAsync("conflict");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        var table = (await platform.TableAsync("p")).Expect(200);
        await platform.PutPipelineAsync("p", "SELECT 2 AS x FROM (SELECT sum(i % 7) AS work FROM range(150000000) AS t(i)) WHERE work > 0");
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Executing SQL via DuckDB");
        MovePointer(platform, "p", "file:///elsewhere/00002-theirs.metadata.json");
        var run = await platform.EndAsync(id);
        Assert.Contains("another program has moved its pointer to 00002-theirs.metadata.json", run.ExpectFailure(), StringComparison.Ordinal);
        Assert.StartsWith($"conflicting commit: the table {platform.Namespace}.bronze.p was changed by somebody else", Assert.Single(run.At("warn")), StringComparison.Ordinal);
        Assert.Single(server.DataFiles(platform.Namespace));

        // Back where rat has left it, all is well.
        MovePointer(platform, "p", Files.NameOf((string)table["metadata_location"]!)["lake/".Length..]);
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.p"));
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("2", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    private void Damage(string damage, string file, string other)
    {
        var bytes = Files.Read(file);
        switch (damage)
        {
            case "missing":
                Files.Delete(file);
                break;
            case "swapped":
                Files.Write(file, Files.Read(other));
                break;
            default:
                Files.Write(file, bytes[..(damage == "empty" ? 0 : bytes.Length / 2)]);
                break;
        }
    }

    private byte[] AsVersion3(string metadata) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Files.Read(metadata)).Replace("\"format-version\":2", "\"format-version\":3", StringComparison.Ordinal));

    private async Task<string> MetadataFileAsync(TestPlatform platform, string table) =>
        Files.NameOf((string)(await platform.TableAsync(table)).Expect(200)["metadata_location"]!);

    // As another program would that uses the database as its catalog.
    private void MovePointer(TestPlatform platform, string table, string location)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(server.Process.DataDirectory, "rat.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE iceberg_tables SET previous_metadata_location = metadata_location, metadata_location = $location
            WHERE table_namespace = $namespace AND table_name = $table
            """;
        command.Parameters.AddWithValue("$location", location);
        command.Parameters.AddWithValue("$namespace", $"{platform.Namespace}.bronze");
        command.Parameters.AddWithValue("$table", table);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace Rat.Tests.Contract;

/// <summary>Uploads and samples of landing zones (behaviour §7).</summary>
public class LandingFilesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private ContractClient Client => server.Client;

    [Fact]
    public async Task An_upload_is_stored_counted_and_deleted()
    {
        var zone = await NewZoneAsync();
        var before = DateTimeOffset.UtcNow;
        var uploaded = (await Client.UploadAsync($"{zone}/files", "ships.csv", "a,b\n1,2\n"u8.ToArray(), "text/csv; charset=utf-8")).Expect(201);
        Assert.Matches(@"^\d{8}_\d{6}_ships\.csv$", uploaded.TextOf("filename"));
        Assert.Equal($"{zone.Split('/')[4]}/landing/z/{uploaded.TextOf("filename")}", uploaded.TextOf("s3_path"));
        Assert.Equal("text/csv; charset=utf-8", uploaded.TextOf("content_type"));
        Assert.Equal(8, (int)uploaded["size_bytes"]!);
        Assert.Null(uploaded["uploaded_by"]);
        var stamp = DateTimeOffset.ParseExact(uploaded.TextOf("filename")[..15], "yyyyMMdd_HHmmss", null,
            System.Globalization.DateTimeStyles.AssumeUniversal);
        Assert.InRange(stamp, before.AddSeconds(-1), DateTimeOffset.UtcNow);

        var file = $"{zone}/files/{uploaded.TextOf("id")}";
        Assert.Equal(uploaded.Text, (await Client.GetAsync(file)).Expect(200).Text);
        Assert.Equal("a,b\n1,2\n", (await Client.GetAsync($"/api/v1/files/{uploaded.TextOf("s3_path")}")).TextOf("content"));
        var second = (await Client.UploadAsync($"{zone}/files", "more", [])).Expect(201);
        Assert.Equal("application/octet-stream", second.TextOf("content_type"));
        var counted = (await Client.GetAsync(zone)).Expect(200);
        Assert.Equal((2, 8), ((int)counted["file_count"]!, (int)counted["total_bytes"]!));

        (await Client.DeleteAsync(file)).Expect(204);
        Assert.Equal("file not found", (await Client.GetAsync(file)).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("file not found", (await Client.DeleteAsync(file)).ExpectError(404, "NOT_FOUND"));
        (await Client.GetAsync($"/api/v1/files/{uploaded.TextOf("s3_path")}")).ExpectError(404, "NOT_FOUND");
        counted = (await Client.GetAsync(zone)).Expect(200);
        Assert.Equal((1, 0), ((int)counted["file_count"]!, (int)counted["total_bytes"]!));
    }

    [Fact]
    public async Task Uploads_of_one_name_in_one_second_are_numbered()
    {
        var zone = await NewZoneAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Client.UploadAsync($"{zone}/files", "a.b.csv", $"{i}")));
        var names = answers.Select(answer => answer.Expect(201).TextOf("filename")).ToList();
        Assert.Equal(12, names.Distinct().Count());
        foreach (var second in names.GroupBy(name => name[..15]))
        {
            var expected = Enumerable.Range(1,
                second.Count()).Select(number => number == 1 ? $"{second.Key}_a.b.csv" : $"{second.Key}_a.b_{number}.csv");
            Assert.Equal(expected.Order(), second.Order());
        }

        var contents = await Task.WhenAll(answers.Select(async answer => (await Client.GetAsync($"/api/v1/files/{answer.TextOf("s3_path")}")).TextOf("content")));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), contents);
    }

    [Theory]
    [InlineData("a.csv", "a.csv")]
    [InlineData("dir/sub/a.csv", "a.csv")]
    [InlineData("/etc/a.csv", "a.csv")]
    [InlineData("../../a.csv", "a.csv")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("a b (1).csv", "a b (1).csv")]
    [InlineData("%2e%2e", "%2e%2e")]
    [InlineData("naïve 🚀.csv", "naïve 🚀.csv")]
    [InlineData("", null)]
    [InlineData(".", null)]
    [InlineData("..", null)]
    [InlineData("a/", null)]
    [InlineData("a..b.csv", null)]
    [InlineData("a\\\\b.csv", null)]
    [InlineData("C:\\\\dir\\\\a.csv", null)]
    public async Task A_file_name_is_cleaned_or_refused(string sent, string? stored)
    {
        var zone = await NewZoneAsync();
        foreach (var folder in new[] { "files", "samples" })
        {
            var answer = await Client.UploadAsync($"{zone}/{folder}", sent, "x");
            if (stored is null)
            {
                var message = answer.ExpectError(400);
                Assert.True(message is "invalid filename" || sent.Length == 0, message);
            }
            else
            {
                Assert.Equal(stored, Regex.Replace(answer.Expect(201).TextOf("filename"), @"^\d{8}_\d{6}_", ""));
            }

            Assert.Equal(stored is null ? 0 : 1, (int)(await Client.GetAsync($"{zone}/{folder}"))["total"]!);
        }
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a\u0085b")]
    public async Task A_control_character_in_a_file_name_is_refused(string name)
    {
        var zone = await NewZoneAsync();
        var encoded = $"form-data; name=file; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        Assert.Equal("invalid filename", (await SendFormAsync($"{zone}/files",
            $"--b\r\nContent-Disposition: {encoded}\r\n\r\nx\r\n--b--\r\n")).ExpectError(400));
        Assert.Equal(0, (int)(await Client.GetAsync($"{zone}/files"))["total"]!);
    }

    [Fact]
    public async Task The_longest_file_name_has_200_bytes()
    {
        var zone = await NewZoneAsync();
        for (var i = 0; i < 3; i++)
            (await Client.UploadAsync($"{zone}/files", new string('x', 196) + ".csv", "x")).Expect(201);
        (await Client.UploadAsync($"{zone}/files", new string('x', 197) + ".csv", "x")).ExpectError(400);
        (await Client.UploadAsync($"{zone}/samples", new string('ü', 101), "x")).ExpectError(400);
    }

    [Theory]
    [InlineData("--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"other\"; filename=\"a.csv\"\r\n\r\nx\r\n--b--\r\n")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\ncut off")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno name\r\n--b--\r\n")]
    [InlineData("{}")]
    public async Task A_form_without_a_whole_file_stores_nothing(string body)
    {
        var zone = await NewZoneAsync();
        (await SendFormAsync($"{zone}/files", body)).ExpectError(400);
        (await SendFormAsync($"{zone}/samples", body)).ExpectError(400);
        Assert.Equal(0, (int)(await Client.GetAsync($"{zone}/files"))["total"]!);
        Assert.Equal(0, (int)(await Client.GetAsync($"{zone}/samples"))["total"]!);
    }

    [Theory]
    [InlineData(33_554_432, 201)]
    [InlineData(33_554_433, 413)]
    [InlineData(60_000_000, 413)]
    public async Task The_largest_file_has_32_MiB(int size, int status)
    {
        var zone = await NewZoneAsync();
        foreach (var folder in new[] { "files", "samples" })
        {
            var answer = (await Client.UploadAsync($"{zone}/{folder}", "x.bin", new byte[size])).Expect(status);
            if (status == 413)
                Assert.Equal("file too large (max 32MB)", answer.ExpectError(413));
            Assert.Equal(status == 413 ? 0 : 1, (int)(await Client.GetAsync($"{zone}/{folder}"))["total"]!);
        }
    }

    [Fact]
    public async Task A_file_belongs_to_its_zone()
    {
        var (zone, other) = (await NewZoneAsync(), await NewZoneAsync());
        var id = (await Client.UploadAsync($"{zone}/files", "a", "x")).Expect(201).TextOf("id");
        Assert.Equal("file not found", (await Client.GetAsync($"{other}/files/{id}")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("file not found", (await Client.DeleteAsync($"{other}/files/{id}")).ExpectError(404, "NOT_FOUND"));
        (await Client.GetAsync($"{zone}/files/{id}")).Expect(200);
        foreach (var wrong in new[] { "1", "x", id.Replace("-", "", StringComparison.Ordinal), $"%7B{id}%7D", id + "0" })
        {
            Assert.Equal("invalid file ID", (await Client.GetAsync($"{zone}/files/{wrong}")).ExpectError(400));
            Assert.Equal("invalid file ID", (await Client.DeleteAsync($"{zone}/files/{wrong}")).ExpectError(400));
        }
    }

    [Fact]
    public async Task Files_are_listed_newest_first_in_pages()
    {
        var zone = await NewZoneAsync();
        foreach (var name in new[] { "a", "b", "c" })
            (await Client.UploadAsync($"{zone}/files", name, "x")).Expect(201);
        Assert.Equal("c b a", await NamesAsync(""));
        Assert.Equal("b", await NamesAsync("limit=1&offset=1"));
        Assert.Equal("c b a", await NamesAsync("limit=-5&offset=z"));
        Assert.Equal("", await NamesAsync("offset=9"));

        async Task<string> NamesAsync(string query)
        {
            var page = (await Client.GetAsync($"{zone}/files?{query}")).Expect(200);
            Assert.Equal(3, (int)page["total"]!);
            return string.Join(' ', page["files"]!.AsArray().Select(file => ((string)file!["filename"]!)[16..]));
        }
    }

    [Fact]
    public async Task Samples_keep_their_name_and_are_replaced()
    {
        var zone = await NewZoneAsync();
        var first = (await Client.UploadAsync($"{zone}/samples", "s.csv", "1")).Expect(201);
        Assert.EndsWith("/landing/z/_samples/s.csv", first.TextOf("path"), StringComparison.Ordinal);
        Assert.Equal(2, (int)(await Client.UploadAsync($"{zone}/samples", "s.csv", "22")).Expect(201)["size"]!);
        (await Client.UploadAsync($"{zone}/samples", "a b.csv", "1")).Expect(201);
        var samples = (await Client.GetAsync($"{zone}/samples")).Expect(200);
        Assert.Equal(["a b.csv", "s.csv"], samples["files"]!.AsArray().Select(file => ((string)file!["path"]!).Split('/')[^1]));
        Assert.Equal("22", (await Client.GetAsync($"/api/v1/files/{first.TextOf("path")}")).TextOf("content"));
        Assert.Equal(0, (int)(await Client.GetAsync(zone))["file_count"]!);
        Assert.Equal(0, (int)(await Client.GetAsync($"{zone}/files"))["total"]!);

        (await Client.DeleteAsync($"{zone}/samples/a%20b.csv")).Expect(204);
        Assert.Equal("file not found", (await Client.DeleteAsync($"{zone}/samples/a%20b.csv")).ExpectError(404, "NOT_FOUND"));
        foreach (var wrong in new[] { "..x", "a%5Cb", "a%2Fb" })
            Assert.Equal("invalid filename", (await Client.DeleteAsync($"{zone}/samples/{wrong}")).ExpectError(400));
        Assert.Equal(1, (int)(await Client.GetAsync($"{zone}/samples"))["total"]!);
    }

    [Fact]
    public async Task Without_a_zone_there_are_no_files()
    {
        var zone = $"/api/v1/landing-zones/{await server.NewNamespaceAsync()}/z";
        Assert.Equal("landing zone not found", (await Client.GetAsync($"{zone}/files")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("landing zone not found", (await Client.UploadAsync($"{zone}/files", "a", "x")).ExpectError(404, "NOT_FOUND"));
        (await Client.UploadAsync($"{zone}/files", "a", new byte[20_000_000])).ExpectError(404, "NOT_FOUND");
        (await Client.GetAsync($"{zone}/files/{Guid.NewGuid()}")).ExpectError(404, "NOT_FOUND");
        (await Client.DeleteAsync($"{zone}/files/{Guid.NewGuid()}")).ExpectError(404, "NOT_FOUND");
        (await Client.GetAsync($"{zone}/samples")).ExpectError(404, "NOT_FOUND");
        (await Client.UploadAsync($"{zone}/samples", "a", "x")).ExpectError(404, "NOT_FOUND");
        (await Client.DeleteAsync($"{zone}/samples/a")).ExpectError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Deleting_through_the_files_takes_the_upload_with_it()
    {
        var zone = await NewZoneAsync();
        var path = (await Client.UploadAsync($"{zone}/files", "a.csv", "x")).Expect(201).TextOf("s3_path");
        (await Client.DeleteAsync($"/api/v1/files/{path}")).Expect(204);
        Assert.Equal(0, (int)(await Client.GetAsync($"{zone}/files"))["total"]!);
        Assert.Equal(0, (int)(await Client.GetAsync(zone))["file_count"]!);
    }

    private async Task<string> NewZoneAsync()
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = "z" })).Expect(201);
        return $"/api/v1/landing-zones/{ns}/z";
    }

    private Task<ContractResponse> SendFormAsync(string path, string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");
        return Client.SendAsync("POST", path, content);
    }
}

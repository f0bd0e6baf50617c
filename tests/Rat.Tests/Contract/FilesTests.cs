using System.Text;
using System.Text.Json.Nodes;
using Rat.Tests.Kept;

namespace Rat.Tests.Contract;

/// <summary>User files: list, read, write, delete, upload (behaviour §6, "Object path" of §1).</summary>
public class FilesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/files";

    private ContractClient Client => server.Client;

    [Theory]
    [InlineData("plain text\r\n")]
    [InlineData("")]
    [InlineData("\uFEFFwith a byte order mark")]
    [InlineData("é ⛴ 🚀 \u0000 \u2028 \"quoted\" \\")]
    public async Task What_is_written_is_read(string content)
    {
        var path = $"{ContractServer.NewName()}/docs/a b.md";
        var written = (await Client.PutAsync($"{Path}/{path.Replace(" ", "%20", StringComparison.Ordinal)}", new { content })).Expect(200);
        Assert.Equal(path, (string)written["path"]!);
        var read = (await Client.GetAsync($"{Path}/{path.Replace(" ", "%20", StringComparison.Ordinal)}")).Expect(200);
        Assert.Equal(content, (string)read["content"]!);
        Assert.Equal(Encoding.UTF8.GetByteCount(content), (int)read["size"]!);
        Assert.Equal((string)written["version_id"]!, (string)read["version_id"]!);
    }

    [Fact]
    public async Task Each_write_is_a_new_version_and_deleting_twice_is_no_error()
    {
        var path = $"{Path}/{ContractServer.NewName()}/x.sql";
        var first = (string)(await Client.PutAsync(path, new { content = "1" })).Expect(200)["version_id"]!;
        var second = (string)(await Client.PutAsync(path, new { content = "1" })).Expect(200)["version_id"]!;
        Assert.NotEqual(first, second);
        Assert.Equal(second, (string)(await Client.GetAsync(path))["version_id"]!);
        (await Client.DeleteAsync(path)).Expect(204);
        (await Client.DeleteAsync(path)).Expect(204);
        Assert.Equal("file not found", (await Client.GetAsync(path)).ExpectError(404, "NOT_FOUND"));
    }

    [Theory]
    [InlineData("/NS/x.sql")]
    [InlineData("/1ns/x.sql")]
    [InlineData("/n%20s/x.sql")]
    [InlineData("/ns/a..b/x.sql")]
    [InlineData("/ns/..x")]
    [InlineData("/ns/%2e%2e%2fx")]
    [InlineData("/ns/a%5Cb")]
    [InlineData("//ns/x")]
    [InlineData("/%2Fns/x")]
    [InlineData("/%2Fetc%2Fpasswd")]
    [InlineData("/ns//x")]
    [InlineData("/ns/x/")]
    [InlineData("/ns/landing/z/_samples")]
    public async Task A_path_that_breaks_the_rules_is_refused(string path)
    {
        (await Client.GetAsync(Path + path)).ExpectError(400);
        (await Client.PutAsync(Path + path, new { content = "x" })).ExpectError(400);
        (await Client.DeleteAsync(Path + path)).ExpectError(400);
        var decoded = Uri.UnescapeDataString(path[1..]);
        (await Client.UploadAsync($"{Path}/upload", "x", "x"u8.ToArray(), null, ("path", decoded))).ExpectError(400);
    }

    [Fact]
    public async Task A_NUL_is_refused_wherever_it_comes()
    {
        // In a URL by the HTTP parser, which has no envelope yet.
        Assert.Equal(400, (await Client.WithoutValidation.PutAsync($"{Path}/ns/a%00b", new { content = "x" })).Status);
        (await Client.UploadAsync($"{Path}/upload", "x", "x"u8.ToArray(), null, ("path", "ns/a\0b"))).ExpectError(400);
    }

    [Fact]
    public async Task A_segment_or_a_path_can_be_too_long()
    {
        var ns = ContractServer.NewName();
        (await Client.PutAsync($"{Path}/{ns}/{new string('x', 255)}", new { content = "" })).Expect(200);
        (await Client.PutAsync($"{Path}/{ns}/{new string('x', 256)}", new { content = "" })).ExpectError(400);
        (await Client.PutAsync($"{Path}/{ns}/{string.Join('/', Enumerable.Repeat(new string('x', 200), 6))}", new { content = "" })).ExpectError(400);
        // 128 two-byte letters are 256 bytes: what a file system can't name in a landing zone either.
        (await Client.PutAsync($"{Path}/{ns}/landing/z/{string.Concat(Enumerable.Repeat("%C3%BC", 128))}", new { content = "" })).ExpectError(400);
        Assert.Single(await ListAsync($"prefix={ns}/"));
    }

    [Theory]
    [InlineData("", "invalid request body")]
    [InlineData("{}", "content is required")]
    [InlineData("""{"content": null}""", "content is required")]
    [InlineData("""{"content": 1}""", "invalid request body")]
    [InlineData("""{"content": "\ud800"}""", "invalid request body")]
    [InlineData("\"text\"", "invalid request body")]
    public async Task Content_has_to_be_a_text(string json, string message)
    {
        var ns = ContractServer.NewName();
        Assert.StartsWith(message, (await Client.PutAsync($"{Path}/{ns}/x", json)).ExpectError(400), StringComparison.Ordinal);
        Assert.Empty(await ListAsync($"prefix={ns}/"));
    }

    [Fact]
    public async Task A_text_over_a_mebibyte_has_to_be_uploaded()
    {
        var path = $"{ContractServer.NewName()}/big.txt";
        (await Client.PutAsync($"{Path}/{path}", new { content = new string('x', 1 << 20) })).ExpectError(413);
        (await Client.PutAsync($"{Path}/{path}", new { content = new string('x', 50 << 20) })).ExpectError(413);
        (await Client.GetAsync($"{Path}/{path}")).ExpectError(404, "NOT_FOUND");
        (await Client.UploadAsync($"{Path}/upload", "big.txt", new byte[2 << 20], null, ("path", path))).Expect(201);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_read_with_replacements()
    {
        var path = $"{ContractServer.NewName()}/data.bin";
        var uploaded = (await Client.UploadAsync($"{Path}/upload", "local name.bin", [0x61, 0xFF, 0x62], "image/png", ("path", path))).Expect(201);
        Assert.Equal("local name.bin", (string)uploaded["filename"]!);
        Assert.Equal(3, (int)uploaded["size"]!);
        var read = (await Client.GetAsync($"{Path}/{path}")).Expect(200);
        Assert.Equal("a\uFFFDb", (string)read["content"]!);
        Assert.Equal(3, (int)read["size"]!);
    }

    [Theory]
    [InlineData(33_554_432, 201)]
    [InlineData(33_554_433, 413)]
    [InlineData(33_554_432 + (1 << 20), 413)]
    [InlineData(100_000_000, 413)]
    public async Task The_largest_file_has_32_MiB(int size, int status)
    {
        var path = $"{ContractServer.NewName()}/large.bin";
        var answer = (await Client.UploadAsync($"{Path}/upload", "large.bin", new byte[size], null, ("path", path))).Expect(status);
        if (status == 413)
            Assert.Equal("file too large (max 32MB)", answer.ExpectError(413));
        Assert.Equal(status == 413 ? [] : [size], (await ListAsync($"prefix={path}")).Select(file => (int)file!["size"]!));
        Assert.Empty(TemporaryFiles());
    }

    [Fact]
    public async Task A_form_without_what_it_needs_is_refused_in_order()
    {
        var ns = ContractServer.NewName();
        Assert.Equal("path form field is required", (await Client.UploadAsync($"{Path}/upload", "x", [1])).ExpectError(400));
        Assert.Equal("path form field is required", (await Client.UploadAsync($"{Path}/upload", "x", [1], null, ("path", ""))).ExpectError(400));
        Assert.Equal("path form field is required",
            (await SendFormAsync("--b\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--b--\r\n")).ExpectError(400));
        Assert.Contains("'..'", (await SendFormAsync(Field("path", $"{ns}/../x"))).ExpectError(400), StringComparison.Ordinal);
        Assert.Equal("file form field is required", (await SendFormAsync(Field("path", $"{ns}/x"))).ExpectError(400));
        Assert.Empty(await ListAsync($"prefix={ns}/"));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "")]
    [InlineData("multipart/form-data; boundary=b", "nonsense")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\ncut off")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nno header at all")]
    [InlineData("multipart/form-data", "--b--\r\n")]
    [InlineData("multipart/form-data; boundary=", "--b--\r\n")]
    [InlineData("multipart/mixed; boundary=b", "--b--\r\n")]
    [InlineData("application/json", "{}")]
    [InlineData("", "--b--\r\n")]
    [InlineData("nonsense", "--b--\r\n")]
    public async Task What_is_no_form_is_a_400(string contentType, string body)
    {
        (await SendFormAsync(body, contentType)).ExpectError(400);
        Assert.Empty(TemporaryFiles());
    }

    [Fact]
    public async Task A_form_may_be_in_any_order_and_name_its_file_in_any_way()
    {
        var ns = ContractServer.NewName();
        const string File = "--b\r\nContent-Disposition: form-data; name=file; filename=x; filename*=UTF-8''na%C3%AFve.txt\r\n\r\nab\r\n";
        var answer = (await SendFormAsync($"{File}--b\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n{ns}/x.txt\r\n--b--\r\n")).Expect(201);
        Assert.Equal("naïve.txt", (string)answer["filename"]!);
        Assert.Equal("ab", (string)(await Client.GetAsync($"{Path}/{ns}/x.txt"))["content"]!);
    }

    [Fact]
    public async Task Upload_is_a_name_like_any_other_for_the_other_methods()
    {
        Assert.Equal("file not found", (await Client.GetAsync($"{Path}/upload")).ExpectError(404, "NOT_FOUND"));
        (await Client.PutAsync($"{Path}/upload", new { content = "x" })).Expect(200);
        Assert.Equal("x", (string)(await Client.GetAsync($"{Path}/upload")).Expect(200)["content"]!);
        (await Client.DeleteAsync($"{Path}/upload")).Expect(204);
    }

    [Theory]
    [InlineData("", "a/1.sql a/2.sql ab/3.sql")]
    [InlineData("a", "a/1.sql a/2.sql ab/3.sql")]
    [InlineData("a/", "a/1.sql a/2.sql")]
    [InlineData("a/2.sql", "a/2.sql")]
    [InlineData("A", "")]
    [InlineData("a%25", "")]
    [InlineData("a_", "")]
    [InlineData("&exclude=ab", "a/1.sql a/2.sql")]
    [InlineData("&exclude=a,+ab", "")]
    [InlineData("&exclude=1.sql,b", "a/1.sql a/2.sql ab/3.sql")]
    [InlineData("&namespace=nobody", "")]
    public async Task Files_are_listed_by_prefix_in_order(string query, string expected)
    {
        var ns = ContractServer.NewName();
        foreach (var path in new[] { "ab/3.sql", "a/2.sql", "a/1.sql" })
            (await Client.PutAsync($"{Path}/{ns}/{path}", new { content = "x" })).Expect(200);
        (await Client.PutAsync($"{Path}/{ns}x/other", new { content = "x" })).Expect(200);
        var files = await ListAsync($"prefix={ns}/{query}");
        Assert.Equal(expected, string.Join(' ', files.Select(file => ((string)file!["path"]!)[(ns.Length + 1)..])));
        Assert.Equal(4, (await ListAsync($"prefix={ns}")).Count);
        Assert.Equal(3, (await ListAsync($"prefix={ns}&namespace={ns}")).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("prefix=")]
    [InlineData("prefix=/ns")]
    [InlineData("prefix=Ns")]
    [InlineData("prefix=ns/../x")]
    [InlineData("prefix=ns%00")]
    [InlineData("prefix=ns%5Cx")]
    public async Task A_list_needs_a_prefix(string query) => (await Client.GetAsync($"{Path}?{query}")).ExpectError(400);

    [Theory]
    [InlineData("pipelines/gold/p/tests/quality/x.sql", "test")]
    [InlineData("pipelines/gold/p/tests/x.yaml", "test")]
    [InlineData("test/x", "test")]
    [InlineData("test_x.sql", "test")]
    [InlineData("x_test.py", "test")]
    [InlineData("hooks/x.sql", "hook")]
    [InlineData("pre_x.sql", "hook")]
    [InlineData("post_x.py", "hook")]
    [InlineData("hook_x", "hook")]
    [InlineData("pipelines/gold/p/pipeline.sql", "pipeline-sql")]
    [InlineData("any.sql", "pipeline-sql")]
    [InlineData("pipeline.py", "pipeline-py")]
    [InlineData("other.py", "")]
    [InlineData("config.yaml", "config")]
    [InlineData("schema.yml", "config")]
    [InlineData("other.yaml", "")]
    [InlineData("pipeline.meta.yaml", "meta")]
    [InlineData("meta.yml", "meta")]
    [InlineData("README", "doc")]
    [InlineData("x.md", "doc")]
    [InlineData("x.rst", "doc")]
    [InlineData("landing/z/x.csv", "")]
    [InlineData("tests", "")]
    public async Task A_file_has_a_kind_by_its_path(string path, string kind)
    {
        var ns = ContractServer.NewName();
        (await Client.PutAsync($"{Path}/{ns}/{path}", new { content = "x" })).Expect(200);
        Assert.Equal(kind, (string)Assert.Single(await ListAsync($"prefix={ns}/"))!["type"]!);
    }

    [Theory]
    [InlineData("a", "a/b")]
    [InlineData("a/b", "a")]
    [InlineData("landing/z", "landing/z/x.csv")]
    [InlineData("landing/z/x.csv", "landing/z")]
    public async Task A_file_may_have_the_name_of_a_folder(string first, string second)
    {
        var ns = ContractServer.NewName();
        (await Client.PutAsync($"{Path}/{ns}/{first}", new { content = "1" })).Expect(200);
        (await Client.PutAsync($"{Path}/{ns}/{second}", new { content = "2" })).Expect(200);
        Assert.Equal("1", (string)(await Client.GetAsync($"{Path}/{ns}/{first}"))["content"]!);
        Assert.Equal("2", (string)(await Client.GetAsync($"{Path}/{ns}/{second}"))["content"]!);
    }

    [DiskFact("the objects of a bucket are not named by their keys: a file and a folder of one name can be there at once")]
    public async Task Inside_a_landing_zone_a_file_and_a_folder_exclude_each_other_until_one_is_deleted()
    {
        var zone = $"{Path}/{ContractServer.NewName()}/landing/z";
        (await Client.PutAsync($"{zone}/a/b/c", new { content = "1" })).Expect(200);
        (await Client.PutAsync($"{zone}/a", new { content = "2" })).ExpectError(400);
        (await Client.PutAsync($"{zone}/a/b/c/d", new { content = "2" })).ExpectError(400);
        Assert.Equal("1", (string)(await Client.GetAsync($"{zone}/a/b/c"))["content"]!);
        (await Client.DeleteAsync($"{zone}/a/b/c")).Expect(204);
        (await Client.PutAsync($"{zone}/a", new { content = "2" })).Expect(200);
    }

    [Fact]
    public async Task A_file_and_a_folder_of_one_name_at_once_leave_one_of_them()
    {
        var zone = $"{Path}/{ContractServer.NewName()}/landing/z";
        for (var round = 0; round < 15; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => i % 4 == 3
                ? Client.DeleteAsync($"{zone}/a/b")
                : Client.PutAsync(i % 2 == 0 ? $"{zone}/a" : $"{zone}/a/b", new { content = "x" })));
            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 204 or 400, answer.Text));
            foreach (var file in await ListAsync($"prefix={zone[(Path.Length + 1)..]}"))
                Assert.Equal("x", (await Client.GetAsync($"{Path}/{(string)file!["path"]!}")).Expect(200).TextOf("content"));
            (await Client.DeleteAsync($"{zone}/a")).Expect(204);
            (await Client.DeleteAsync($"{zone}/a/b")).Expect(204);
        }
    }

    [Fact]
    public async Task A_path_is_decoded_once()
    {
        var ns = ContractServer.NewName();
        (await Client.PutAsync($"{Path}/{ns}%2Fa%2fb.sql", new { content = "1" })).Expect(200);
        Assert.Equal("1", (await Client.GetAsync($"{Path}/{ns}/a/b.sql")).Expect(200).TextOf("content"));
        (await Client.PutAsync($"{Path}/{ns}/a%252Fb.sql", new { content = "2" })).Expect(200);
        Assert.Equal([$"{ns}/a%2Fb.sql", $"{ns}/a/b.sql"], (await ListAsync($"prefix={ns}/")).Select(file => (string)file!["path"]!));
        (await Client.PutAsync($"{Path}/{ns}/x/../y.sql", new { content = "3" })).ExpectError(400);
        (await Client.PutAsync($"{Path}/{ns}/x/%2e%2e/y.sql", new { content = "3" })).ExpectError(400);
        (await Client.PutAsync($"{Path}/{ns}/./y.sql", new { content = "3" })).ExpectError(400);
        Assert.Equal(2, (await ListAsync($"prefix={ns}/")).Count);
    }

    [Fact]
    public async Task Odd_names_are_names()
    {
        var ns = ContractServer.NewName();
        string[] names = ["é", "e\u0301", "a\nb", "%", "%41", "a?b#c", "'; DROP TABLE files; --", "\U0010FFFF", "\U0010FFFFx", "\u202Ex", "a:b", "*",
            "a ", "-", "~", "CON"];
        foreach (var name in names)
            (await Client.PutAsync($"{Path}/{ns}/landing/z/{Uri.EscapeDataString(name)}", new { content = name })).Expect(200);
        var files = await ListAsync($"prefix={ns}/landing/z/");
        Assert.Equal(names.Order(StringComparer.Ordinal),
            files.Select(file => ((string)file!["path"]!)[$"{ns}/landing/z/".Length..]).Order(StringComparer.Ordinal));
        foreach (var name in names)
        {
            Assert.Equal(name, (string)(await Client.GetAsync($"{Path}/{ns}/landing/z/{Uri.EscapeDataString(name)}")).Expect(200)["content"]!);
            (await Client.DeleteAsync($"{Path}/{ns}/landing/z/{Uri.EscapeDataString(name)}")).Expect(204);
        }

        Assert.Empty(await ListAsync($"prefix={ns}/"));
    }

    [Theory]
    [InlineData("x.sql")]
    [InlineData("landing/z/x.csv")]
    public async Task Writes_and_deletes_of_one_file_at_once_leave_it_whole_or_gone(string path)
    {
        var file = $"{Path}/{ContractServer.NewName()}/{path}";
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(1, 12).Select(i => i % 3 == 0
                ? Client.DeleteAsync(file)
                : Client.PutAsync(file, new { content = new string((char)('a' + i), 1000 * i) })));
            var read = await Client.GetAsync(file);
            if (read.Status == 404)
                continue;
            var content = (string)read.Expect(200)["content"]!;
            Assert.Equal((int)read["size"]!, content.Length);
            Assert.Equal(1000 * (content[0] - 'a'), content.Length);
            Assert.Single(content.Distinct());
        }
    }

    // Without what says where the backup goes.
    private IEnumerable<string> TemporaryFiles() => Directory.EnumerateFiles(System.IO.Path.Combine(server.Process.DataDirectory, "tmp"))
        .Where(file => System.IO.Path.GetFileName(file) != "backup-to");

    private async Task<JsonArray> ListAsync(string query) => (await Client.GetAsync($"{Path}?{query}")).Expect(200)["files"]!.AsArray();

    private static string Field(string name, string value) => $"--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n--b--\r\n";

    private Task<ContractResponse> SendFormAsync(string body, string contentType = "multipart/form-data; boundary=b")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return Client.SendAsync("POST", $"{Path}/upload", content);
    }
}

using System.Net.Sockets;
using System.Text;

namespace Rat.Tests.Contract;

/// <summary>Clients that go away or stall in the middle leave nothing behind.</summary>
public class BrokenUploadsTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Form = "multipart/form-data; boundary=b";
    private const string FilePart = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";

    private ContractClient Client => server.Client;

    [Theory]
    [InlineData("POST", "/api/v1/landing-zones/{ns}/z/files", Form, FilePart)]
    [InlineData("POST", "/api/v1/landing-zones/{ns}/z/samples", Form, FilePart)]
    [InlineData("POST", "/api/v1/files/upload", Form, "--b\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n{ns}/x\r\n" + FilePart)]
    [InlineData("PUT", "/api/v1/files/{ns}/x.sql", "application/json", "{\"content\": \"")]
    [InlineData("POST", "/api/v1/pipelines", "application/json", "{\"namespace\": \"{ns}\", \"layer\": \"gold\", \"name\": \"p\"}")]
    public async Task A_client_that_goes_away_leaves_nothing(string method, string path, string contentType, string begin)
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = "z" })).Expect(201);
        var head = $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {contentType}\r\nContent-Length: 5000000\r\n\r\n{begin}"
            .Replace("{ns}", ns, StringComparison.Ordinal);
        var address = server.Process.Client.BaseAddress!;
        foreach (var isReset in new[] { false, true })
        {
            using var socket = new TcpClient(address.Host, address.Port);
            if (isReset)
                socket.LingerState = new LingerOption(true, 0);
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head + new string('x', 700_000)));
            await Task.Delay(200);
        }

        await Task.Delay(500);
        // What says where the backup goes stays there.
        Assert.All(
            Directory.EnumerateFiles(System.IO.Path.Combine(server.Process.DataDirectory, "tmp")), file => Assert.Equal("backup-to", System.IO.Path.GetFileName(file)));
        Assert.Empty((await Client.GetAsync($"/api/v1/files?prefix={ns}/")).Expect(200)["files"]!.AsArray());
        Assert.Equal(0, (int)(await Client.GetAsync($"/api/v1/landing-zones/{ns}/z/files"))["total"]!);
        Assert.Equal(0, (int)(await Client.GetAsync($"/api/v1/pipelines?namespace={ns}"))["total"]!);
        Assert.DoesNotContain(server.Process.Output, line => line.Contains("\"status\":500", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_whole_request_counts_even_if_nobody_waits_for_the_answer()
    {
        var ns = ContractServer.NewName();
        var address = server.Process.Client.BaseAddress!;
        using (var socket = new TcpClient(address.Host, address.Port))
            await socket.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"PUT /api/v1/files/{ns}/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 15\r\n\r\n{{\"content\":\"x\"}}"));
        await Task.Delay(500);
        // Written or not, but never half: a row and its bytes go together.
        var read = await Client.GetAsync($"/api/v1/files/{ns}/x");
        if (read.Status != 404)
            Assert.Equal("x", read.Expect(200).TextOf("content"));
    }
}

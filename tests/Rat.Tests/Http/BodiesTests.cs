using System.Net;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Hosting.Logging;
using Rat.Endpoints.Http;
using Rat.Storage;

namespace Rat.Tests.Http;

/// <summary>Request bodies, path parameters and failing handlers, on the real pipeline with routes of the test's own.</summary>
public sealed class BodiesTests : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("rat-test-");
    private OpenedStorage? _storage;
    private WebApplication? _app;

    private HttpClient Client { get; set; } = null!;

    public async Task InitializeAsync()
    {
        var options = new ServerOptions { Listen = new ListenAddress(IPAddress.Loopback, 0), RateLimit = 0 };
        _storage = OpenedStorage.Open(_data.FullName).Value;
        _app = ServerHost.Build(options, certificate: null, _storage, new LogSink(Stream.Null), isTerminal: false);
        _app.MapPost("/api/v1/echo", async Task<IResult> (HttpContext context, CancellationToken _) =>
            (await RequestBody.ReadAsync(context, BodiesTestsJson.Default.Sample)).ToOk(BodiesTestsJson.Default.Sample));
        _app.MapGet("/api/v1/t/{namespace}/{layer}/{name}", () => ApiResults.NoContent());
        _app.MapGet("/api/v1/panic", IResult () => throw new InvalidOperationException("the secret cause"));
        _app.MapGet("/api/v1/half", async context =>
        {
            await context.Response.WriteAsync("half an ");
            await context.Response.Body.FlushAsync();
            throw new InvalidOperationException("broken");
        });
        await _app.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        _storage!.Dispose();
        _data.Delete(recursive: true);
    }

    [Theory]
    [InlineData("""{"max_versions": 3, "description": "ü", "unknown": {"a": [1]}}""")]
    [InlineData("""{"MAX_VERSIONS": 3, "Description": "ü"}""")]
    [InlineData("""{"max_versions": 3, "description": "ü"} trailing {{{""")]
    [InlineData("""{"max_versions": 3, "description": "ü"}{"max_versions": 4}""")]
    [InlineData("\uFEFF {\"max_versions\": 3, \"description\": \"ü\"}")]
    public async Task Names_case_unknown_fields_and_what_follows_do_not_matter(string json)
    {
        using var response = await PostAsync(json);
        Assert.Equal("""{"max_versions":3,"description":"ü"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("  \n", "it is empty")]
    [InlineData("null", "it is null")]
    [InlineData("[1]", "it is not of the expected type")]
    [InlineData("""{"max_versions": "three"}""", "max_versions is not of the expected type")]
    [InlineData("""{"max_versions": 3,""", "malformed JSON at line 1")]
    [InlineData("nonsense", "malformed JSON at line 1")]
    public async Task What_is_wrong_is_said(string json, string reason)
    {
        using var response = await PostAsync(json);
        var message = await response.AssertEnvelopeAsync(400, "INVALID_ARGUMENT", "VALIDATION");
        Assert.StartsWith($"invalid request body: {reason}", message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_one_mebibyte_is_a_413(bool isChunked)
    {
        using var body = new StringContent($$"""{"description": "{{new string('x', RequestBody.MaxBytes)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/echo") { Content = body };
        request.Headers.TransferEncodingChunked = isChunked;
        using var response = await Client.SendAsync(request);
        Assert.Equal("request body too large (max 1MB)", await response.AssertEnvelopeAsync(413, "INVALID_ARGUMENT", "VALIDATION"));
    }

    [Fact]
    public async Task A_body_of_exactly_one_mebibyte_is_read()
    {
        const string Frame = """{"description":""}""";
        using var response = await PostAsync(Frame.Insert(Frame.Length - 2, new string('x', RequestBody.MaxBytes - Frame.Length)));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/t/ns/gold/orders-1", 204)]
    [InlineData("/api/v1/t/Ns/gold/orders", 400)]
    [InlineData("/api/v1/t/ns/Gold/orders", 400)]
    [InlineData("/api/v1/t/ns/gold/1orders", 400)]
    [InlineData("/api/v1/t/ns/gold/orders/", 404)]
    public async Task Path_parameters_are_checked_by_name(string path, int expected)
    {
        using var response = await Client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(expected, (int)response.StatusCode);
        if (expected == 400)
            await response.AssertEnvelopeAsync(400, "INVALID_ARGUMENT", "VALIDATION");
    }

    [Fact]
    public async Task A_connection_goes_on_after_a_body_was_read()
    {
        using var socket = new System.Net.Sockets.TcpClient(Client.BaseAddress!.Host, Client.BaseAddress.Port);
        var stream = socket.GetStream();
        foreach (var body in (string[])["""{"max_versions":1}""", "nonsense", """{"max_versions":2}"""])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
            var answer = new byte[4096];
            var length = await stream.ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
            Assert.StartsWith("HTTP/1.1 ", Encoding.ASCII.GetString(answer, 0, length), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_panic_is_a_500_that_keeps_its_cause_to_itself()
    {
        using var response = await Client.GetAsync(new Uri("/api/v1/panic", UriKind.Relative));
        Assert.Equal("internal error", await response.AssertEnvelopeAsync(500, "INTERNAL", "INTERNAL"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Half_an_answer_breaks_off() =>
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Client.GetStringAsync(new Uri("/api/v1/half", UriKind.Relative)));

    private Task<HttpResponseMessage> PostAsync(string json) =>
        Client.PostAsync(new Uri("/api/v1/echo", UriKind.Relative), new StringContent(json, Encoding.UTF8, "text/plain"));
}

internal sealed record Sample(int? MaxVersions, string? Description);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(Sample))]
internal sealed partial class BodiesTestsJson : JsonSerializerContext;

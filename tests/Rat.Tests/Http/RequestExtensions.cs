using System.Text.Json;

namespace Rat.Tests.Http;

/// <summary>Shorthand for one request and for what the contract says of answers.</summary>
internal static class RequestExtensions
{
    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, string method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return client.SendAsync(request);
    }

    /// <summary>The only value of a header; null when it is missing.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? Assert.Single(values) : null;

    /// <summary>Asserts that the answer is an envelope with this status, code and type; returns its message.</summary>
    public static async Task<string> AssertEnvelopeAsync(this HttpResponseMessage response, int status, string code, string type)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using var body = JsonDocument.Parse(text);
        var error = Assert.Single(body.RootElement.EnumerateObject());
        Assert.Equal("error", error.Name);
        Assert.Equal(code, error.Value.GetProperty("code").GetString());
        Assert.Equal(type, error.Value.GetProperty("type").GetString());
        return error.Value.GetProperty("message").GetString()!;
    }
}

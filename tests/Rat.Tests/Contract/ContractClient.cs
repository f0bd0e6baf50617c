using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Rat.Tests.Contract;

/// <summary>
/// Sends requests to a server and holds every answer, errors too, against <c>openapi.yaml</c>. Paths are sent exactly as they are given:
/// what has to be percent-encoded is the caller's to encode.
/// </summary>
internal sealed class ContractClient(HttpClient http, bool validates = true)
{
    /// <summary>The same client for requests that are no operation of the contract: answers are only read.</summary>
    public ContractClient WithoutValidation => new(http, validates: false);

    public Task<ContractResponse> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    /// <param name="json">A text is sent as it is, anything else as its JSON; null sends no body.</param>
    public Task<ContractResponse> PostAsync(string path, object? json = null, params (string Name, string Value)[] headers) =>
        SendAsync("POST", path, Body(json), headers);

    /// <inheritdoc cref="PostAsync"/>
    public Task<ContractResponse> PutAsync(string path, object? json = null, params (string Name, string Value)[] headers) =>
        SendAsync("PUT", path, Body(json), headers);

    public Task<ContractResponse> DeleteAsync(string path, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, null, headers);

    /// <summary>Sends a form with the part <c>file</c> and any other fields.</summary>
    public Task<ContractResponse> UploadAsync(
        string path, string fileName, byte[] bytes, string? contentType = null, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        var file = new ByteArrayContent(bytes);
        if (contentType is not null)
            file.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        // By hand, since the framework would refuse or rewrite the odd names that tests send.
        file.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{fileName}\"");
        form.Add(file);
        return SendAsync("POST", path, form);
    }

    /// <inheritdoc cref="UploadAsync(string, string, byte[], string?, ValueTuple{string, string}[])"/>
    public Task<ContractResponse> UploadAsync(string path, string fileName, string text) => UploadAsync(path, fileName, Encoding.UTF8.GetBytes(text));

    public async Task<ContractResponse> SendAsync(string method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, body, headers);
        using var message = await http.SendAsync(request);
        var response = await ContractResponse.ReadAsync(message);
        if (validates)
            ResponseCheck.Verify(method, path.Split('?')[0], response);
        return response;
    }

    /// <summary>Follows a stream of server-sent events as they come, until the server ends it. Comments come as events without a name.</summary>
    public async IAsyncEnumerable<SseEvent> StreamAsync(string path, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var request = Request("GET", path, null, [("Accept", "text/event-stream")]);
        using var message = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (message.Content.Headers.ContentType?.MediaType != SseEvent.MediaType)
            Assert.Fail($"{(int)message.StatusCode} is no stream: {await message.Content.ReadAsStringAsync(cancellation)}");
        if (validates)
            SseEvent.CheckHeaders(message);
        using var reader = new StreamReader(await message.Content.ReadAsStreamAsync(cancellation));
        await foreach (var happened in SseEvent.ReadAllAsync(reader, cancellation))
        {
            if (validates)
                happened.Check();
            yield return happened;
        }

        if (validates && ContractDocument.Instance.Find("GET", path.Split('?')[0]) is { } operation)
            ContractCoverage.Count(operation, 200);
    }

    private HttpRequestMessage Request(string method, string path, HttpContent? body, (string Name, string Value)[] headers)
    {
        var exactly = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri($"{http.BaseAddress!.GetLeftPart(UriPartial.Authority)}{path}", exactly);
        var request = new HttpRequestMessage(new HttpMethod(method), uri) { Content = body };
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value) || body!.Headers.TryAddWithoutValidation(name, value));
        return request;
    }

    private static StringContent? Body(object? json) => json switch
    {
        null => null,
        string text => new StringContent(text, Encoding.UTF8, "application/json"),
        _ => new StringContent(JsonSerializer.Serialize(json), Encoding.UTF8, "application/json"),
    };
}

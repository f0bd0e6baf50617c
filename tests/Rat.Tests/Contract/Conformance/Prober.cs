namespace Rat.Tests.Contract.Conformance;

/// <summary>A request that can be sent again, elsewhere or in another way.</summary>
/// <param name="Body">JSON, or null.</param>
/// <param name="File">The bytes of an upload, or null.</param>
internal sealed record ProbeRequest(string Method, string Path, object? Body, byte[]? File, (string, string)[] Fields)
{
    /// <summary>Headers that belong to the request wherever it is sent.</summary>
    public (string Name, string Value)[] Headers { get; init; } = [];

    public Task<ContractResponse> SendAsync(ContractClient client, params (string Name, string Value)[] headers)
    {
        if (File is not null)
            return client.UploadAsync(Path, "upload.csv", File, null, Fields);
        headers = [.. Headers, .. headers];
        return Method switch
        {
            "POST" => client.PostAsync(Path, Body, headers),
            "PUT" => client.PutAsync(Path, Body, headers),
            _ => client.SendAsync(Method, Path, null, headers),
        };
    }
}

/// <summary>Sends requests, expects statuses, and remembers which statuses of which operations it has seen.</summary>
internal sealed class Prober
{
    private readonly Dictionary<(string Operation, int Status), int> _seen = [];
    private readonly Dictionary<string, ProbeRequest> _samples = [];

    /// <summary>How often each status of an operation was seen.</summary>
    public IReadOnlyDictionary<(string Operation, int Status), int> Seen => _seen;

    /// <summary>The first request of each operation that was answered as if all were well, by the operation's id.</summary>
    public IReadOnlyDictionary<string, ProbeRequest> Samples => _samples;

    /// <summary>Sends JSON or nothing.</summary>
    public Task<ContractResponse> SendAsync(
        ContractClient client, int status, string method, string path, object? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(client, status, new ProbeRequest(method, path, body, File: null, []), headers);

    /// <summary>Sends a form.</summary>
    public Task<ContractResponse> UploadAsync(ContractClient client, int status, string path, byte[] file, params (string Name, string Value)[] fields) =>
        SendAsync(client, status, new ProbeRequest("POST", path, Body: null, file, fields));

    public async Task<ContractResponse> SendAsync(ContractClient client, int status, ProbeRequest request, params (string Name, string Value)[] headers)
    {
        var response = (await request.SendAsync(client, headers)).Expect(status);
        Count(request, response);
        return response;
    }

    /// <summary>Counts an answer that somebody else has waited for.</summary>
    public void Count(ProbeRequest request, ContractResponse response)
    {
        var operation = ContractDocument.Instance.Find(request.Method, request.Path.Split('?')[0])!;
        _seen[(operation.Id, response.Status)] = _seen.GetValueOrDefault((operation.Id, response.Status)) + 1;
        if (response.Status is < 300 or 501)
            _samples.TryAdd(operation.Id, request);
    }
}

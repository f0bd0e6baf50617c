using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Rat.Tests.Objects.Swift;

/// <summary>An object as a listing shows it.</summary>
/// <param name="Version">Another one once the object was written again.</param>
internal sealed record SwiftObject(string Key, long Size, string Version);

/// <summary>A bucket, looked at by Swift's own interface: it shares nothing with the client of S3 that is tested.</summary>
internal sealed class SwiftBucket
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    private readonly string _token;

    private SwiftBucket(string token, string account, string name) => (_token, Address, Name) = (token, $"{account}/{name}", name);

    public string Name { get; }

    /// <summary>Where anyone may read the objects by HTTP, once <see cref="OpenToAll"/> was called.</summary>
    public string Address { get; }

    /// <param name="user">The account and the user in it, which is the access key of S3.</param>
    public static SwiftBucket Of(int port, string name, string user = "test:tester")
    {
        using var login = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/auth/v1.0") { Headers = { { "X-Auth-User", user }, { "X-Auth-Key", "testing" } } };
        using var entered = Http.Send(login);
        entered.EnsureSuccessStatusCode();
        return new SwiftBucket(entered.Headers.GetValues("X-Auth-Token").Single(), entered.Headers.GetValues("X-Storage-Url").Single(), name);
    }

    public void Create() => Tell(HttpMethod.Put, "");

    /// <summary>Lets anyone read.</summary>
    public void OpenToAll() => Tell(HttpMethod.Post, "", change => change.Headers.Add("X-Container-Read", ".r:*"));

    /// <summary>Lets another user of the account read and list, and not write.</summary>
    public void OpenTo(string user) => Tell(HttpMethod.Post, "", change => change.Headers.Add("X-Container-Read", user));

    /// <summary>The objects whose keys begin with a prefix, in the order of the keys.</summary>
    public IReadOnlyList<SwiftObject> List(string prefix = "")
    {
        var all = new List<SwiftObject>();
        while (true)
        {
            var marker = all.Count == 0 ? "" : $"&marker={Uri.EscapeDataString(all[^1].Key)}";
            using var answer = Send(HttpMethod.Get, $"?format=json&prefix={Uri.EscapeDataString(prefix)}{marker}");
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return all; // a bucket for parts that nobody has made yet
            answer.EnsureSuccessStatusCode();
            var page = JsonNode.Parse(answer.Content.ReadAsStream())!.AsArray();
            if (page.Count == 0)
                return all;
            all.AddRange(page.Select(entry => Of(entry!)));
        }
    }

    /// <summary>The bytes, or null when there is no such object.</summary>
    public byte[]? Read(string key)
    {
        using var answer = Send(HttpMethod.Get, PathOf(key));
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        using var bytes = new MemoryStream();
        answer.Content.ReadAsStream().CopyTo(bytes);
        return bytes.ToArray();
    }

    public void Write(string key, byte[] bytes) => Tell(HttpMethod.Put, PathOf(key), request => request.Content = new ByteArrayContent(bytes));

    public void Delete(string key) => Tell(HttpMethod.Delete, PathOf(key));

    /// <summary>The parts of uploads that were begun and neither completed nor given up.</summary>
    public IReadOnlyList<SwiftObject> Parts()
    {
        // A completed object's parts stay there, as Swift's large objects are made: their names begin with its key, and a listing of the
        // uploads has none of it.
        using var answer = Send(HttpMethod.Get, "+segments?format=json");
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return [];
        answer.EnsureSuccessStatusCode();
        var kept = List().Select(stored => stored.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. JsonNode.Parse(answer.Content.ReadAsStream())!.AsArray()
                .Select(entry => Of(entry!))
                .Where(part => !kept.Contains(KeyOf(part.Key))),
        ];
    }

    private static SwiftObject Of(JsonNode entry) =>
        new((string)entry["name"]!, (long)entry["bytes"]!, $"{entry["hash"]} {entry["last_modified"]}");

    // The name of a part: the object's key, the upload's id, the part's number.
    private static string KeyOf(string part)
    {
        var segments = part.Split('/');
        var isPart = int.TryParse(segments[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return string.Join('/', segments[..^(isPart ? 2 : 1)]);
    }

    private static string PathOf(string key) => "/" + string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    private void Tell(HttpMethod method, string path, Action<HttpRequestMessage>? prepare = null)
    {
        using var answer = Send(method, path, prepare);
        answer.EnsureSuccessStatusCode();
    }

    private HttpResponseMessage Send(HttpMethod method, string path, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, Address + path) { Headers = { { "X-Auth-Token", _token } } };
        prepare?.Invoke(request);
        return Http.Send(request);
    }
}

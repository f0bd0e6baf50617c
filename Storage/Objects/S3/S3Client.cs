using System.Net;

namespace Rat.Storage.Objects.S3;

/// <summary>
/// Sends requests until one is answered: what may pass (no answer, 408, 429, 5xx) is tried again after growing pauses of random length. A
/// request may thus arrive more than once; all that are sent here may.
/// </summary>
/// <param name="random">Spreads the pauses of many that were turned away at once.</param>
internal sealed class S3Client(S3Settings settings, S3Counters counters, TimeProvider time, Random random) : IDisposable
{
    private const int MostAttempts = 6;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly RequestSigner _signer = new(settings.AccessKey, settings.SecretKey, settings.SessionToken, settings.Region);
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = settings.MetadataTimeout,
        // The names of large stores change their addresses.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        UseProxy = false,
    });

    public S3Settings Settings => settings;

    /// <summary>Sends a request; the answer's body has not been read.</summary>
    /// <exception cref="S3Exception">Anything but success.</exception>
    public async Task<HttpResponseMessage> SendAsync(S3Request request, CancellationToken cancellation)
    {
        var hash = request.BodyHash ?? RequestSigner.Hash(request.Body.Span);
        var patience = request.IsData ? settings.DataTimeout : settings.MetadataTimeout;
        var begun = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(request, hash, patience, cancellation);
            }
            // Whoever waits must not wait for ever: no attempt begins when twice the time of one is over.
            catch (S3Exception failed) when (failed.MayPass && attempt < MostAttempts && time.GetElapsedTime(begun) < patience * 2)
            {
                counters.Retries.Add(1);
                await Task.Delay(PauseAfter(attempt), time, cancellation);
            }
        }
    }

    /// <summary>Sends a request and reads the elements of its answer.</summary>
    public async Task<IReadOnlyList<(string Name, string Text)>> AskAsync(S3Request request, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await SendAsync(request, cancellation);
            try
            {
                var elements = S3Xml.Elements(await ReadAsync(answer, cancellation));
                // Copies and completed uploads are begun with 200, and may yet fail.
                if (elements.Count > 0 && elements[^1].Name == "Error")
                    throw Refused(request, HttpStatusCode.InternalServerError, elements);
                return elements;
            }
            catch (S3Exception failed) when (failed.MayPass && attempt < MostAttempts)
            {
                counters.Retries.Add(1);
                await Task.Delay(PauseAfter(attempt), time, cancellation);
            }
        }
    }

    /// <summary>Puts an object in one piece.</summary>
    public Task<S3Head> PutAsync(string key, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var hash = RequestSigner.Hash(bytes.Span);
        return TellAsync(
            new S3Request(HttpMethod.Put, key) { Headers = [(S3Head.Sha256Header, hash)], Body = bytes, BodyHash = hash, IsData = true }, cancellation);
    }

    /// <summary>Sends a request whose answer has no body that matters.</summary>
    public async Task<S3Head> TellAsync(S3Request request, CancellationToken cancellation)
    {
        using var answer = await SendAsync(request, cancellation);
        return S3Head.Of(answer);
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> AttemptAsync(S3Request request, string hash, TimeSpan patience, CancellationToken cancellation)
    {
        using var message = new HttpRequestMessage(request.Method, settings.AddressOf(request.Key, request.Query));
        foreach (var (name, value) in request.Headers)
            message.Headers.TryAddWithoutValidation(name, value);
        if (request.Method == HttpMethod.Put || request.Method == HttpMethod.Post)
            message.Content = new ReadOnlyMemoryContent(request.Body);
        _signer.Sign(message, hash, time.GetUtcNow());

        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        counters.Requests.Add(1);
        try
        {
            var answer = await _http.SendAsync(message, either.Token);
            if (answer.IsSuccessStatusCode)
            {
                counters.BytesSent.Add(request.Body.Length);
                return answer;
            }

            using (answer)
                throw Refused(request, answer.StatusCode, S3Xml.Elements(await answer.Content.ReadAsByteArrayAsync(either.Token)));
        }
        catch (Exception exception) when (IsBroken(exception) && !cancellation.IsCancellationRequested)
        {
            counters.Failures.Add(1);
            throw S3Exception.Of(settings, exception);
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception is HttpRequestException or OperationCanceledException or (IOException and not S3Exception);

    private async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(settings.MetadataTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            return await answer.Content.ReadAsByteArrayAsync(either.Token);
        }
        catch (Exception exception) when (IsBroken(exception) && !cancellation.IsCancellationRequested)
        {
            counters.Failures.Add(1);
            throw S3Exception.Of(settings, exception);
        }
    }

    private S3Exception Refused(S3Request request, HttpStatusCode status, IReadOnlyList<(string Name, string Text)> elements)
    {
        counters.Failures.Add(1);
        var doing = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head ? "read" : "write to";
        return S3Exception.Of(settings, doing, status, elements.Find("Code") ?? "", elements.Find("Message") ?? "");
    }

    private TimeSpan PauseAfter(int attempt)
    {
        var longest = TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << attempt, LongestPause.Ticks));
        double part;
        lock (random)
            part = random.NextDouble();
        return longest * (0.5 + part / 2);
    }
}

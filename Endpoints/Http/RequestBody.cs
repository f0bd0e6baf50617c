using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Rat.Storage;

namespace Rat.Endpoints.Http;

/// <summary>Reads a JSON request body (behaviour §1, "JSON"). The content type is not looked at.</summary>
internal static class RequestBody
{
    /// <summary>Largest body that isn't multipart, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>A body has to be here completely within this time.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The failure of a body over <see cref="MaxBytes"/> (413).</summary>
    public static Failure TooLarge { get; } = Storage.Failure.TooLarge("request body too large (max 1MB)");

    /// <summary>
    /// Reads the first JSON value of the body; whatever follows it is ignored. Unknown fields are ignored, names match without regard to
    /// case if the context of <paramref name="type"/> says so (see <see cref="HttpJson"/>).
    /// </summary>
    /// <returns>
    /// The value, never null; or <see cref="FailureKind.Invalid"/> with a message that begins with <c>invalid request body</c>; or
    /// <see cref="TooLarge"/>.
    /// </returns>
    public static Task<Outcome<T>> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class => ReadAsync(context, type, ifEmpty: null, ifNull: null);

    /// <summary>Like <see cref="ReadAsync{T}(HttpContext, JsonTypeInfo{T})"/>; no body, or only white space, is <paramref name="ifEmpty"/>.</summary>
    public static Task<Outcome<T>> ReadOptionalAsync<T>(HttpContext context, JsonTypeInfo<T> type, T ifEmpty)
        where T : class => ReadAsync(context, type, ifEmpty, ifNull: null);

    /// <summary>Like <see cref="ReadAsync{T}(HttpContext, JsonTypeInfo{T})"/>; the value <c>null</c> is <paramref name="ifNull"/>.</summary>
    public static Task<Outcome<T>> ReadNullableAsync<T>(HttpContext context, JsonTypeInfo<T> type, T ifNull)
        where T : class => ReadAsync(context, type, ifEmpty: null, ifNull);

    private static async Task<Outcome<T>> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, T? ifEmpty, T? ifNull)
        where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(ReadTimeout);
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(deadline.Token);
                var isTooLarge = read.Buffer.Length > MaxBytes;
                if (isTooLarge || read.IsCompleted)
                {
                    Outcome<T> outcome = isTooLarge ? TooLarge : Parse(read.Buffer, type, ifEmpty, ifNull);
                    // Each read is ended, the last one too: otherwise the server can't go on to the connection's next request and closes it.
                    reader.AdvanceTo(read.Buffer.End);
                    return outcome;
                }

                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge;
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Invalid("it did not arrive in time");
        }
    }

    private static Outcome<T> Parse<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type, T? ifEmpty, T? ifNull)
        where T : class
    {
        // A reader over the whole body reads exactly one value and never looks at what follows it.
        var json = new Utf8JsonReader(SkipByteOrderMark(body));
        try
        {
            if (!HasContent(body))
                return ifEmpty is null ? Invalid("it is empty") : ifEmpty;
            return (JsonSerializer.Deserialize(ref json, type) ?? ifNull) is { } value ? value : Invalid("it is null");
        }
        catch (JsonException malformed)
        {
            return Invalid(Reason(malformed));
        }
    }

    /// <summary>Says where, not what the parser calls it: its texts name our types.</summary>
    private static string Reason(JsonException malformed)
    {
        // A syntax error is an inner JsonReaderException, which is not public; a wrong type isn't.
        var syntax = malformed.InnerException is JsonException;
        var line = malformed.LineNumber + 1;
        var column = malformed.BytePositionInLine + 1;
        if (syntax || malformed.Path is null)
            return $"malformed JSON at line {line}, column {column}";
        if (malformed.Path == "$" && malformed.Message.Contains("missing required", StringComparison.Ordinal))
            return "a required field is missing";
        var field = malformed.Path.TrimStart('$', '.');
        return $"{(field.Length == 0 ? "it" : field)} is not of the expected type";
    }

    private static Failure Invalid(string reason) => Storage.Failure.Invalid($"invalid request body: {reason}");

    private static bool HasContent(ReadOnlySequence<byte> body)
    {
        foreach (var segment in body)
        {
            if (segment.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0)
                return true;
        }

        return false;
    }

    private static ReadOnlySequence<byte> SkipByteOrderMark(ReadOnlySequence<byte> body)
    {
        var first = body.FirstSpan;
        return first.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body.Slice(3) : body;
    }
}

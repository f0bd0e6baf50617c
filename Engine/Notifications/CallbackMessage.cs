using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Storage.Metadata;

namespace Rat.Engine.Notifications;

/// <summary>A message to the callback.</summary>
/// <param name="Event"><c>run_failed</c>, <c>gate_failed</c> or <c>run_recovered</c>.</param>
/// <param name="Delivery">The same each time that the message is sent again.</param>
internal sealed record CallbackMessage(string Event, string Delivery, CallbackRun Run)
{
    public static CallbackMessage Of(NotificationRow row) => new(
        row switch { { Event: "recovered" } => "run_recovered", { Gate: true } => "gate_failed", _ => "run_failed" },
        $"{row.Run.Id}-{row.Id.ToString(CultureInfo.InvariantCulture)}", CallbackRun.Of(row.Run));

    /// <summary>The request, signed with the secret if there is one: HMAC-SHA256 of the body (RFC 2104), in hexadecimal digits.</summary>
    public HttpRequestMessage ToRequest(NotificationSettings settings)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(this, CallbackJson.Default.CallbackMessage);
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Callback) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Rat-Event", Event);
        request.Headers.Add("X-Rat-Delivery", Delivery);
        if (settings.Secret is { } secret)
        {
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body);
            request.Headers.Add("X-Rat-Signature", $"sha256={Convert.ToHexStringLower(signature)}");
        }

        return request;
    }
}

/// <summary>What a message tells of its run.</summary>
internal sealed record CallbackRun(
    Guid Id, string Namespace, string Layer, string Pipeline, string Status, string Trigger, string? Error, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public static CallbackRun Of(RunRow run) => new(
        run.Id, run.Pipeline.Namespace, run.Pipeline.Layer, run.Pipeline.Name, run.Status.ToText(), run.Trigger, run.Error, run.StartedAt, run.FinishedAt);
}

/// <summary>The JSON of messages to the callback.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CallbackMessage))]
internal sealed partial class CallbackJson : JsonSerializerContext;

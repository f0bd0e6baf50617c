using System.Text.Json.Serialization.Metadata;
using Rat.Storage;

namespace Rat.Endpoints.Http;

/// <summary>What a handler returns: JSON by source-generated type information, or the envelope of a failure.</summary>
internal static class ApiResults
{
    public static IResult Ok<T>(T value, JsonTypeInfo<T> type) => new JsonResult<T>(200, value, type);

    public static IResult Created<T>(T value, JsonTypeInfo<T> type) => new JsonResult<T>(201, value, type);

    public static IResult Accepted<T>(T value, JsonTypeInfo<T> type) => new JsonResult<T>(202, value, type);

    /// <summary>JSON under any status, for the few answers that are neither success nor envelope (publish 422, readiness 503).</summary>
    public static IResult Json<T>(int status, T value, JsonTypeInfo<T> type) => new JsonResult<T>(status, value, type);

    public static IResult NoContent() => NoContentResult.Instance;

    public static IResult Failure(Failure failure) => new FailureResult(failure);

    /// <summary>The envelope of a bare status, for what isn't a <see cref="Storage.Failure"/>.</summary>
    public static IResult Status(int status, string? message = null) =>
        new JsonResult<ErrorBody>(status, ErrorEnvelope.Of(status, message), HttpJson.Default.ErrorBody);

    /// <summary>200 with the value, or the failure's envelope.</summary>
    public static IResult ToOk<T>(this Outcome<T> outcome, JsonTypeInfo<T> type) =>
        outcome.Succeeded ? Ok(outcome.Value, type) : Failure(outcome.Failure);

    /// <summary>201 with the value, or the failure's envelope.</summary>
    public static IResult ToCreated<T>(this Outcome<T> outcome, JsonTypeInfo<T> type) =>
        outcome.Succeeded ? Created(outcome.Value, type) : Failure(outcome.Failure);

    /// <summary>204, or the failure's envelope.</summary>
    public static IResult ToNoContent<T>(this Outcome<T> outcome) =>
        outcome.Succeeded ? NoContent() : Failure(outcome.Failure);

    private sealed class JsonResult<T>(int status, T value, JsonTypeInfo<T> type) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => JsonBody.WriteAsync(httpContext, status, value, type);
    }

    private sealed class FailureResult(Failure failure) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => ErrorEnvelope.WriteAsync(httpContext, failure);
    }

    private sealed class NoContentResult : IResult
    {
        public static NoContentResult Instance { get; } = new();

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = 204;
            return Task.CompletedTask;
        }
    }
}

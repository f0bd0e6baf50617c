using System.Globalization;
using Rat.Storage;

namespace Rat.Endpoints.Http;

/// <summary>
/// The one place that turns a failure into status, code and type (behaviour §1, "Error envelope"), and that writes the envelope.
/// </summary>
internal static class ErrorEnvelope
{
    /// <summary>The status of a failure's kind.</summary>
    public static int StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Invalid or FailureKind.DeadlineExceeded => 400,
        FailureKind.Forbidden => 403,
        FailureKind.NotFound => 404,
        FailureKind.AlreadyExists or FailureKind.Conflict => 409,
        FailureKind.TooLarge => 413,
        FailureKind.NotImplemented => 501,
        FailureKind.Unavailable => 503,
        _ => 500,
    };

    /// <summary>The envelope of a failure. Its status is <see cref="StatusOf(FailureKind)"/>.</summary>
    public static ErrorBody Of(Failure failure)
    {
        var status = StatusOf(failure.Kind);
        var code = failure.Kind switch
        {
            FailureKind.DeadlineExceeded => "DEADLINE_EXCEEDED",
            FailureKind.Conflict => "CONFLICT",
            _ => CodeOf(status),
        };
        return new ErrorBody(new ApiError(code, TypeOf(status), failure.Message));
    }

    /// <summary>The envelope of a bare status, with the code that is usual for it.</summary>
    /// <param name="message">Null takes the usual message of the status.</param>
    public static ErrorBody Of(int status, string? message = null) =>
        new(new ApiError(CodeOf(status), TypeOf(status), message ?? MessageOf(status)));

    /// <summary>Answers with the envelope of a bare status.</summary>
    public static Task WriteAsync(HttpContext context, int status, string? message = null) =>
        JsonBody.WriteAsync(context, status, Of(status, message), HttpJson.Default.ErrorBody);

    /// <summary>Answers with the envelope of a failure.</summary>
    public static Task WriteAsync(HttpContext context, Failure failure) =>
        JsonBody.WriteAsync(context, StatusOf(failure.Kind), Of(failure), HttpJson.Default.ErrorBody);

    private static string CodeOf(int status) => status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "FORBIDDEN",
        404 => "NOT_FOUND",
        405 => "METHOD_NOT_ALLOWED",
        409 => "ALREADY_EXISTS",
        429 => "RATE_LIMITED",
        501 => "NOT_IMPLEMENTED",
        503 => "UNAVAILABLE",
        >= 500 => "INTERNAL",
        _ => "INVALID_ARGUMENT",
    };

    private static string TypeOf(int status) => status switch
    {
        401 => "AUTHENTICATION",
        403 => "AUTHORIZATION",
        404 => "NOT_FOUND",
        409 => "CONFLICT",
        429 => "RATE_LIMIT",
        501 or 503 => "UNAVAILABLE",
        >= 500 => "INTERNAL",
        _ => "VALIDATION",
    };

    private static string MessageOf(int status) => status switch
    {
        400 => "the request is malformed",
        401 => "missing or invalid credentials",
        403 => "forbidden",
        404 => "not found",
        405 => "method not allowed",
        408 => "the request took too long to arrive",
        413 => RequestBody.TooLarge.Message,
        414 => "the address of the request is too long",
        415 => "unsupported media type",
        431 => "the headers of the request are too large",
        503 => "service unavailable",
        >= 500 => "internal error",
        _ => string.Create(CultureInfo.InvariantCulture, $"request refused with status {status}"),
    };
}

using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rat.Storage.Objects.S3;

/// <summary>The store said no, or nothing. The message is one line for the person who runs the server.</summary>
internal sealed class S3Exception(string message, string code, HttpStatusCode status, Exception? inner = null)
    : StorageUnavailableException(message, inner)
{
    /// <summary>The store's, such as <c>NoSuchKey</c>; empty when it gave none.</summary>
    public string Code { get; } = code;

    /// <summary>0 without an answer.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Whether the same request may be taken when it comes again.</summary>
    public bool MayPass => Status is 0 or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or (>= HttpStatusCode.InternalServerError and not HttpStatusCode.NotImplemented) || Code is "RequestTimeout";

    public bool IsMissingObject => Status == HttpStatusCode.NotFound && Code is not "NoSuchBucket";

    /// <summary>What an answer says.</summary>
    public static S3Exception Of(S3Settings settings, string doing, HttpStatusCode status, string code, string message) => new(
        code switch
        {
            "InvalidAccessKeyId" => "S3_ACCESS_KEY is unknown to the object store",
            "SignatureDoesNotMatch" => "the object store doesn't accept S3_ACCESS_KEY with S3_SECRET_KEY",
            "InvalidToken" or "ExpiredToken" => "S3_SESSION_TOKEN is wrong or has expired",
            "RequestTimeTooSkewed" => "this machine's clock and the object store's differ too much: set the clock",
            "NoSuchBucket" => $"the bucket {settings.Bucket} doesn't exist",
            "AccessDenied" => $"the object store doesn't allow to {doing} the bucket {settings.Bucket} with these keys",
            "AuthorizationHeaderMalformed" => $"the object store wants another region than S3_REGION={settings.Region}: {message}",
            _ => $"the object store answers {(int)status}{(code.Length > 0 ? $" {code}" : "")} to a request to {doing} the bucket {settings.Bucket}",
        },
        code, status);

    /// <summary>What keeps an answer from coming.</summary>
    public static S3Exception Of(S3Settings settings, Exception cause) => new(
        cause switch
        {
            HttpRequestException { InnerException: AuthenticationException tls } => $"no TLS with the object store {settings.Endpoint}: {tls.Message}",
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound } } =>
                $"the object store's name {settings.Endpoint} is unknown",
            HttpRequestException { InnerException: SocketException refused } => $"the object store {settings.Endpoint} can't be reached: {refused.Message}",
            OperationCanceledException => $"the object store {settings.Endpoint} doesn't answer in time",
            _ => $"the connection to the object store {settings.Endpoint} broke: {cause.InnerException?.Message ?? cause.Message}",
        },
        "", 0, cause);
}

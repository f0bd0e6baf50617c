namespace Rat.Endpoints.Http.Middleware;

/// <summary>Sets the five security headers on every response (behaviour §1).</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    public static IReadOnlyList<KeyValuePair<string, string>> All { get; } =
    [
        new("X-Content-Type-Options", "nosniff"),
        new("X-Frame-Options", "DENY"),
        new("X-XSS-Protection", "0"),
        new("Referrer-Policy", "strict-origin-when-cross-origin"),
        new("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ];

    public Task InvokeAsync(HttpContext context)
    {
        foreach (var (name, value) in All)
            context.Response.Headers[name] = value;
        return next(context);
    }
}

using Rat.Engine.Observation;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Records each POST, PUT and DELETE that the limiter and the key have let through, whatever becomes of it (behaviour §1, "Audit"). Nothing of
/// the request but its method and path is kept: bodies and headers hold secrets.
/// </summary>
internal sealed class Audit(RequestDelegate next, AuditTrail trail)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Method switch { "POST" => "post", "PUT" => "put", "DELETE" => "delete", _ => null } is { } action)
            trail.Record(AuditTrail.Anonymous, action, request.Path.Value ?? "", ClientAddress.Of(context));
        return next(context);
    }
}

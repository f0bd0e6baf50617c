using Microsoft.AspNetCore.Routing.Patterns;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Routing forgives a trailing slash and the case of letters; the contract doesn't (behaviour §1: routing is exact). Takes such a match
/// back, so that the request goes on, through limiter and key, to its 404.
/// </summary>
internal sealed class ExactRoutes(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is { } endpoint && !IsExact(context.Request.Path.Value ?? "/", (endpoint as RouteEndpoint)?.RoutePattern))
        {
            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
        }

        return next(context);
    }

    /// <param name="pattern">Null for the framework's own 405 answer, which carries none.</param>
    private static bool IsExact(string path, RoutePattern? pattern)
    {
        if (path.Length > 1 && path[^1] == '/' && pattern?.Parameters is not [.., { IsCatchAll: true }])
            return false;
        if (pattern is null)
            return true;

        var rest = path.AsSpan(1);
        foreach (var segment in pattern.PathSegments)
        {
            var end = rest.IndexOf('/');
            var actual = end < 0 ? rest : rest[..end];
            if (segment is { IsSimple: true, Parts: [RoutePatternLiteralPart literal] } && !actual.SequenceEqual(literal.Content))
                return false;
            rest = end < 0 ? [] : rest[(end + 1)..];
        }

        return true;
    }
}

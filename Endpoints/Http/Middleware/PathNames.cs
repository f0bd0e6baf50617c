using Rat.Storage;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Path parameters are checked by their names, before any handler looks something up: <c>{namespace}</c>, <c>{name}</c>,
/// <c>{zone_name}</c> and <c>{test_name}</c> are slugs, <c>{layer}</c> is a layer. A route only has to name its parameters so.
/// </summary>
internal sealed class PathNames(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        foreach (var (name, value) in context.Request.RouteValues)
        {
            if (Check(name, value as string) is { } failure)
                return ErrorEnvelope.WriteAsync(context, failure);
        }

        return next(context);
    }

    private static Failure? Check(string name, string? value) => name switch
    {
        "namespace" or "name" or "zone_name" or "test_name" when !Slug.IsValid(value) => Failure.Invalid($"{name} {Slug.Rule}"),
        "layer" when !Layer.IsValid(value) => Failure.Invalid($"layer {Layer.Rule}"),
        _ => null,
    };
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// The server answers a request that it can't parse (an address too long, a NUL in it, a broken header) by itself, before any middleware, with a
/// bare status. These are the two ends of what gives such answers their envelope: this step marks when the application is at work, and
/// <see cref="RefusalWriter"/> looks at what is written while it isn't.
/// </summary>
internal sealed class UnparsedRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var writer = context.Features.Get<RefusalWriter>();
        if (writer is not null)
            writer.IsApplicationAtWork = true;
        try
        {
            await next(context);
        }
        finally
        {
            if (writer is not null)
                writer.IsApplicationAtWork = false;
        }
    }

    /// <summary>The step of the connection.</summary>
    public static ConnectionDelegate OnConnection(ConnectionDelegate next) => connection =>
    {
        var writer = new RefusalWriter(connection.Transport.Output);
        connection.Transport = new Duplex(connection.Transport.Input, writer);
        connection.Features.Set(writer);
        return next(connection);
    };

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

using Microsoft.Extensions.DependencyInjection.Extensions;
using Rat.Endpoints.Hosting.Logging;
using Rat.Endpoints.Http.Middleware;
using Rat.Storage;

namespace Rat.Endpoints.Hosting;

/// <summary>Builds the web application of a server. It listens only once it is started.</summary>
internal static class ServerHost
{
    /// <summary>What is still going on at a stop gets this long (behaviour §1).</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(15);

    /// <param name="certificate">Null for plain HTTP.</param>
    public static WebApplication Build(ServerOptions options, Certificate? certificate, OpenedStorage storage, LogSink log, bool isTerminal)
    {
        // Empty, not slim: the slim builder reads appsettings.json and watches the working directory for it, which takes seconds when
        // that is "/", and lets ASPNETCORE_* variables move the server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => KestrelSettings.Apply(kestrel, options.Listen, certificate));
        builder.Services
            .AddRoutingCore()
            .AddLineLogging(log, isTerminal)
            .AddSingleton(options)
            .AddSingleton(TimeProvider.System)
            .Configure<HostOptions>(host => host.ShutdownTimeout = DrainTime)
            .AddStorage(storage, options.CacheBytes, options.Backup)
            .AddRooms(options);
        // The command line owns the signals; the host must not print or catch anything of its own.
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, SilentLifetime>());

        var app = builder.Build();
        app.UseHttpPipeline();
        app.MapRooms();
        return app;
    }

    /// <summary>Starts and stops when it is told to.</summary>
    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

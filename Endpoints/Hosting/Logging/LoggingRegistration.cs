namespace Rat.Endpoints.Hosting.Logging;

/// <summary>Registers our logger and says how much the framework may talk.</summary>
internal static class LoggingRegistration
{
    public static IServiceCollection AddLineLogging(this IServiceCollection services, LogSink sink, bool isTerminal) =>
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // Off entirely: as long as anyone listens, the host makes an activity and a scope for every request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            // Start-up failures come back to the caller as exceptions and are told in one line.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddProvider(new LineLoggerProvider(sink, isTerminal ? TerminalLogFormat.Write : JsonLogFormat.Write, TimeProvider.System)));
}

using System.CommandLine;
using Rat.Commands.Demo;

namespace Rat.Commands;

/// <summary><c>rat demo</c>: fills a running or a fresh server with the sample project and shows the result.</summary>
internal static class DemoCommand
{
    private const string DefaultDirectory = "rat-demo";

    public static Command Create()
    {
        var server = new Option<string?>("--server") { Description = "Use the server at this URL instead of starting one.", HelpName = "URL" };
        var directory = new Option<string>("--data-dir")
        {
            Description = "Data directory of the server that is started for the demo.",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultDirectory,
        };
        var command = new Command("demo", "Run the sample project (space launches: bronze, silver, gold) and show its result.") { server, directory };
        command.SetAction((result, cancellation) => ExecuteAsync(
            result.GetValue(server), result.GetValue(directory)!, result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> ExecuteAsync(string? server, string directory, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            return server is null
                ? await WithOwnServerAsync(directory, output, error, cancellation)
                : await RunAsync(new Uri(server), output, cancellation);
        }
        catch (RefusedException refused)
        {
            await error.WriteLineAsync($"rat demo: {refused.Message}");
            return ExitCode.Failed;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UriFormatException)
        {
            await error.WriteLineAsync($"rat demo: {exception.Message}");
            return ExitCode.Usage;
        }
    }

    private static async Task<int> WithOwnServerAsync(string directory, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var started = await LocalServer.StartAsync(directory, cancellation);
        if (!started.Succeeded)
        {
            await error.WriteLineAsync($"rat demo: {started.Failure.Message}");
            return ExitCode.Usage;
        }

        await using var local = started.Value;
        var exit = await RunAsync(local.Address, output, cancellation);
        if (exit == ExitCode.Done)
        {
            await output.WriteLineAsync();
            await output.WriteLineAsync($"The tables are real Apache Iceberg, below {Path.Combine(directory, "lake")}.");
            await output.WriteLineAsync($"Next: rat serve --data-dir {directory}");
        }

        return exit;
    }

    private static async Task<int> RunAsync(Uri address, TextWriter output, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        await output.WriteLineAsync("Space launches: two CSV files through bronze, silver and gold");
        return await new DemoRun(new RatClient(http), output).ExecuteAsync(cancellation) ? ExitCode.Done : ExitCode.Failed;
    }
}

using System.CommandLine;
using Rat.Commands.Settings;

namespace Rat.Commands;

/// <summary><c>rat serve</c>: the platform. Ends with 0 after a graceful stop, with 2 when it can't start.</summary>
internal static class ServeCommand
{
    private const int CannotStart = 2;

    public static Command Create()
    {
        var options = new ServerFlags();
        var open = new Option<bool>("--open") { Description = "Open the portal in a browser once the server listens." };
        var command = new Command("serve", "Run the platform: API, portal, scheduler and engine.") { open };
        options.AddTo(command, withDataDirectory: true);
        command.SetAction((result, stop) => ServeAsync(options.Load(result), result.GetValue(open), stop));
        return command;
    }

    private static async Task<int> ServeAsync(ServerSettings settings, bool open, CancellationToken stop)
    {
        // The command line knows this task only once it has returned: until then a signal would end the process without it (exit 143).
        await Task.Yield();
        if (settings.Problems.Count > 0)
            return Refuse(settings.Problems);

        var server = await RunningServer.PrepareAsync(settings.Options, stop);
        if (!server.Succeeded)
            return Refuse([server.Failure.Message]);

        await using var running = server.Value;
        var started = await running.StartAsync(settings.Warnings, stop);
        if (!started.Succeeded)
            return Refuse([started.Failure.Message]);
        if (open)
            Browser.Open(started.Value);

        await running.WaitForStopAsync(stop);
        return 0;
    }

    private static int Refuse(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            Console.Error.WriteLine($"rat serve: {line}");
        return CannotStart;
    }
}

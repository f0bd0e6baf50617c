using System.CommandLine;
using Rat.Commands;

var root = new RootCommand("A whole data platform in one file.")
{
    ServeCommand.Create(),
    DemoCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    HealthcheckCommand.Create(),
    VersionCommand.Create(),
};

// Ctrl+C and SIGTERM cancel the verb's token. A server drains for up to 15 s and then ships its last changes for up to 10 s; whatever hasn't
// ended by then is cut off.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
var line = root.Parse(args);
var code = await line.InvokeAsync(invocation);
return line.Errors.Count > 0 ? 2 : code;

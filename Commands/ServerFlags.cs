using System.CommandLine;
using Rat.Commands.Settings;

namespace Rat.Commands;

/// <summary>The flags by which a verb finds or configures the server of this machine.</summary>
internal sealed class ServerFlags
{
    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Address to listen on (RAT_LISTEN_ADDR). Port 0 takes any free port. [default: 127.0.0.1:8080]",
        HelpName = "HOST:PORT",
    };

    private readonly Option<string?> _dataDirectory = new("--data-dir")
    {
        Description = "Directory that holds everything (RAT_DATA_DIR). [default: ./rat-data]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "Settings file (RAT_CONFIG). [default: rat.yaml if present]",
        HelpName = "FILE",
    };

    public void AddTo(Command command, bool withDataDirectory)
    {
        if (withDataDirectory)
            command.Options.Add(_dataDirectory);
        command.Options.Add(_listen);
        command.Options.Add(_config);
    }

    public ServerSettings Load(ParseResult result)
    {
        var flags = new Dictionary<string, string?>
        {
            [SettingNames.Listen] = result.GetValue(_listen),
            [SettingNames.DataDirectory] = result.CommandResult.Command.Options.Contains(_dataDirectory)
                ? result.GetValue(_dataDirectory)
                : null,
        };
        return ServerSettings.Load(flags, result.GetValue(_config), Environment.GetEnvironmentVariable);
    }
}

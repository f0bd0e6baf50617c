using System.CommandLine;
using Rat.Commands.Settings;
using Rat.Storage;
using Rat.Storage.Backup;

namespace Rat.Commands;

/// <summary>The flags by which a verb finds a data directory and a backup of it.</summary>
/// <param name="placeFlag">Names the backup.</param>
internal sealed class BackupFlags(string placeFlag, string placeDescription)
{
    private readonly Option<string?> _place = new(placeFlag) { Description = placeDescription, HelpName = "s3://BUCKET/PREFIX" };

    private readonly Option<string?> _dataDirectory = new("--data-dir")
    {
        Description = "The data directory (RAT_DATA_DIR). [default: ./rat-data]",
        HelpName = "DIR",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "Settings file (RAT_CONFIG). [default: rat.yaml if present]",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as one line of JSON." };

    public void AddTo(Command command)
    {
        command.Options.Add(_place);
        command.Options.Add(_dataDirectory);
        command.Options.Add(_config);
        command.Options.Add(_json);
    }

    public bool IsJson(ParseResult result) => result.GetValue(_json);

    /// <summary>Whether the flag was given.</summary>
    public bool NamesPlace(ParseResult result) => result.GetValue(_place) is not null;

    /// <summary>The settings; a failure is one line for each problem.</summary>
    public Outcome<ServerSettings> Load(ParseResult result)
    {
        var place = result.GetValue(_place);
        if (place is not null && BackupPlace.Parse(place) is { Succeeded: false } malformed)
            return Failure.Invalid($"{placeFlag}: {malformed.Failure.Message}");
        var flags = new Dictionary<string, string?>
        {
            [SettingNames.DataDirectory] = result.GetValue(_dataDirectory),
            [SettingNames.BackupTo] = place,
        };
        var settings = ServerSettings.Load(flags, result.GetValue(_config), Environment.GetEnvironmentVariable, serves: false);
        return settings.Problems.Count == 0 ? settings : Failure.Invalid(string.Join('\n', settings.Problems));
    }
}

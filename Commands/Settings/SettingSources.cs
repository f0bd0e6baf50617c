namespace Rat.Commands.Settings;

/// <summary>A setting's text and where it came from, for messages and for <c>rat doctor</c>.</summary>
/// <param name="Origin">The flag, the variable, or the file's name and key.</param>
internal sealed record SettingValue(string Text, string Origin);

/// <summary>Looks a setting up: flag over environment over file. An empty value counts as not set.</summary>
/// <param name="flags">By setting name; null when the flag wasn't given.</param>
internal sealed class SettingSources(
    IReadOnlyDictionary<string, string?> flags, Func<string, string?> environment, SettingsFile file)
{
    public SettingsFile File => file;

    /// <summary>Null when it is set nowhere.</summary>
    public SettingValue? Find(string key)
    {
        if (flags.TryGetValue(key, out var flag) && !string.IsNullOrEmpty(flag))
            return new SettingValue(flag, key == SettingNames.Listen ? "--listen" : $"--{key.Replace('_', '-')}");

        foreach (var variable in SettingNames.VariablesOf(key))
        {
            if (Variable(variable) is { } value)
                return value;
        }

        return file.Server.TryGetValue(key, out var text) && text.Length > 0 ? new SettingValue(text, $"{file.Path} {SettingsFile.PlaceOf(key)}") : null;
    }

    /// <summary>A variable that is no setting of its own.</summary>
    public SettingValue? Variable(string name) =>
        environment(name) is { Length: > 0 } value ? new SettingValue(value, name) : null;
}

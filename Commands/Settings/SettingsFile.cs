using Rat.Storage;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rat.Commands.Settings;

/// <summary>
/// What a server takes from <c>rat.yaml</c>: the sections <c>server</c> and <c>notifications</c> and the contract's <c>edition</c>. The other sections belong to
/// other readers and are left alone.
/// </summary>
/// <param name="Path">As it was named; null when there is no file.</param>
/// <param name="Server">Values of the sections as text, those of <c>notifications</c> as <c>notifications_key</c>; a list is joined with commas.</param>
/// <param name="HasPlugins">The contract's <c>plugins</c> is there, which has no counterpart in one process.</param>
internal sealed record SettingsFile(string? Path, IReadOnlyDictionary<string, string> Server, string? Edition, bool HasPlugins)
{
    public const string DefaultName = "rat.yaml";

    private const string Notifications = "notifications";

    public static SettingsFile None { get; } = new(null, new Dictionary<string, string>(), null, HasPlugins: false);

    /// <summary>Where a setting stands in the file, for messages.</summary>
    public static string PlaceOf(string key) =>
        key.StartsWith($"{Notifications}_", StringComparison.Ordinal) ? $"{Notifications}.{key[(Notifications.Length + 1)..]}" : $"server.{key}";

    /// <summary>Reads a file; a failure is one line with file, line and column.</summary>
    public static Outcome<SettingsFile> Read(string path)
    {
        try
        {
            using var reader = File.OpenText(path);
            var yaml = new YamlStream();
            yaml.Load(reader);
            if (yaml.Documents.Count == 0)
                return None with { Path = path };
            return yaml.Documents[0].RootNode is YamlMappingNode root
                ? Of(path, root)
                : Failure.Invalid($"{path}: must be a mapping of sections");
        }
        catch (YamlException malformed)
        {
            return Failure.Invalid($"{path}:{malformed.Start.Line}:{malformed.Start.Column}: {malformed.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Failure.Invalid($"{path}: {unreadable.Message}");
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet throws this, without a position, for some malformed flow sequences.
            return Failure.Invalid($"{path}: malformed YAML");
        }
    }

    private static Outcome<SettingsFile> Of(string path, YamlMappingNode root)
    {
        var server = new Dictionary<string, string>(StringComparer.Ordinal);
        if ((Read(path, root, "server", "", server) ?? Read(path, root, Notifications, $"{Notifications}_", server)) is { } failure)
            return failure;

        return new SettingsFile(path, server, (Child(root, "edition") as YamlScalarNode)?.Value, Child(root, "plugins") is not null);
    }

    private static Failure? Read(string path, YamlMappingNode root, string section, string prefix, Dictionary<string, string> settings)
    {
        if (Child(root, section) is not { } node)
            return null;
        if (node is not YamlMappingNode mapping)
            return Failure.Invalid($"{path}:{node.Start.Line}:{node.Start.Column}: {section} must be a mapping");
        foreach (var (key, value) in mapping.Children)
        {
            var place = $"{path}:{key.Start.Line}:{key.Start.Column}";
            if (key is not YamlScalarNode { Value: { } name } || Text(value) is not { } text)
                return Failure.Invalid($"{place}: a {section} setting must be a value or a list of values");
            settings[prefix + name] = text;
        }

        return null;
    }

    private static YamlNode? Child(YamlMappingNode parent, string name) =>
        parent.Children.FirstOrDefault(child => child.Key is YamlScalarNode key && key.Value == name).Value;

    private static string? Text(YamlNode node) => node switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlSequenceNode list when list.All(item => item is YamlScalarNode) =>
            string.Join(',', list.Cast<YamlScalarNode>().Select(item => item.Value)),
        _ => null,
    };
}

using Rat.Storage;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Rat.Engine.Pipelines;

/// <summary>The YAML of a config.yaml: one document, checked before it is built up as nodes, for building recurses and hashes keys.</summary>
internal static class ConfigYaml
{
    private const int MaxLength = 1 << 20;
    private const int MaxDepth = 20;

    /// <summary>The root's values by key, in their order; none if the root isn't a mapping or the file is empty.</summary>
    public static Outcome<IReadOnlyList<(string Key, YamlNode Value)>> Read(string yaml)
    {
        if (yaml.Length > MaxLength)
            return Failure.TooLarge($"config.yaml is longer than {MaxLength} characters");
        try
        {
            if (FindUnsupported(yaml) is { } failure)
                return failure;
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count == 0 || stream.Documents[0].RootNode is not YamlMappingNode root)
                return Array.Empty<(string, YamlNode)>();
            return root.Children.Select(child => (((YamlScalarNode)child.Key).Value ?? "", child.Value)).ToArray();
        }
        catch (YamlException malformed)
        {
            return At(malformed.Start, malformed.Message);
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet throws this, without a position, for some malformed flow sequences.
            return Failure.Invalid("config.yaml: malformed YAML");
        }
    }

    /// <summary>YAML 1.1's null (https://yaml.org/type/null.html).</summary>
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>YAML 1.1's true (https://yaml.org/type/bool.html), or the text of it.</summary>
    public static bool IsTrue(YamlNode node) => node is YamlScalarNode { Value: { } text } scalar
        && (text.Equals("true", StringComparison.OrdinalIgnoreCase)
            || (scalar.Style == ScalarStyle.Plain && text is "yes" or "Yes" or "YES" or "on" or "On" or "ON"));

    public static Failure At(YamlNode node, string message) => At(node.Start, message);

    private static Failure At(Mark place, string message) =>
        Failure.Invalid($"config.yaml line {place.Line}, column {place.Column}: {message}");

    /// <summary>Reads events only, which neither recurses nor follows aliases.</summary>
    private static Failure? FindUnsupported(string yaml)
    {
        var parser = new Parser(new StringReader(yaml));
        var open = new Stack<Container>();
        var documents = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            var isKey = open.TryPeek(out var container) && container.IsAtKey;
            if (isKey && current is not (Scalar or MappingEnd or Comment))
                return At(current.Start, "a key must be a plain text");
            if (current is DocumentStart && ++documents > 1)
                return At(current.Start, "only one document is allowed");
            switch (current)
            {
                case MappingStart or SequenceStart when open.Count == MaxDepth:
                    return At(current.Start, $"more than {MaxDepth} levels are nested");
                case MappingStart or SequenceStart:
                    container?.Advance();
                    open.Push(new Container(current is MappingStart));
                    break;
                case MappingEnd or SequenceEnd:
                    open.Pop();
                    break;
                case Scalar or AnchorAlias:
                    container?.Advance();
                    break;
                default:
                    break;
            }
        }

        return null;
    }

    private sealed class Container(bool isMapping)
    {
        private bool _isAtValue;

        public bool IsAtKey => isMapping && !_isAtValue;

        public void Advance() => _isAtValue = !_isAtValue;
    }
}

using System.Collections.Frozen;
using System.Text;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>What a kind of node may look like: the types it may have and every property it may have.</summary>
internal sealed class NodeRule
{
    private readonly (byte[] Name, Part Part)[] _parts;

    private NodeRule(string name, FrozenSet<string> types, (byte[] Name, Part Part)[] parts)
    {
        Name = name;
        Types = types;
        _parts = parts;
    }

    public string Name { get; }

    /// <summary>Values that the property <c>type</c> may have; empty when it is the node's name.</summary>
    public FrozenSet<string> Types { get; }

    /// <summary>Null for a property that the node is not known to have.</summary>
    public Part? PartOf(ReadOnlySpan<byte> property)
    {
        foreach (var (name, part) in _parts)
        {
            if (property.SequenceEqual(name))
                return part;
        }

        return null;
    }

    /// <summary>
    /// Reads rules, one a line: <c>NAME(TYPE TYPE): property=part property=part</c>. Indented lines go on; every node has what
    /// <paramref name="common"/> says.
    /// </summary>
    public static FrozenDictionary<string, NodeRule> Read(string common, string rules)
    {
        var lines = rules.ReplaceLineEndings("\n").Replace("\n    ", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Select(line => ReadLine(common, line)).ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal);
    }

    private static NodeRule ReadLine(string common, string line)
    {
        var head = line[..line.IndexOf(':', StringComparison.Ordinal)];
        var name = head.Split('(')[0];
        var types = head.Length == name.Length ? [] : head[(name.Length + 1)..^1].Split(' ');
        var parts = Words($"{common} {line[(head.Length + 1)..]}").Select(word => word.Split('=')).Select(pair =>
            (Encoding.UTF8.GetBytes(pair[0]), Enum.Parse<Part>(pair[1])));
        return new NodeRule(name, types.ToFrozenSet(StringComparer.Ordinal), [.. parts]);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

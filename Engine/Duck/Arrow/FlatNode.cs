using System.Text;

namespace Rat.Engine.Duck.Arrow;

/// <summary>What a FlatBuffer consists of, as far as Arrow's messages need it (https://flatbuffers.dev/internals).</summary>
internal abstract record FlatNode;

/// <summary>A text.</summary>
internal sealed record FlatText(string Text) : FlatNode
{
    public byte[] Bytes { get; } = Encoding.UTF8.GetBytes(Text);
}

/// <summary>A vector of tables.</summary>
internal sealed record FlatTables(IReadOnlyList<FlatTable> Items) : FlatNode;

/// <summary>A vector of structs of two 64-bit numbers each, which is what both structs of Arrow's messages are.</summary>
internal sealed record FlatPairs(IReadOnlyList<(long First, long Second)> Items) : FlatNode;

/// <summary>A table: some of its fields by their position in the schema.</summary>
internal sealed record FlatTable : FlatNode
{
    private readonly List<FlatField> _fields = [];

    public IReadOnlyList<FlatField> Fields => _fields;

    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    public FlatTable With(int position, int size, long value)
    {
        _fields.Add(new FlatField(position, size, value, Node: null));
        return this;
    }

    public FlatTable With(int position, FlatNode node)
    {
        _fields.Add(new FlatField(position, sizeof(int), 0, node));
        return this;
    }
}

/// <summary>A field that a table has: a number of <paramref name="Size"/> bytes, or a reference to <paramref name="Node"/>.</summary>
internal readonly record struct FlatField(int Position, int Size, long Value, FlatNode? Node);

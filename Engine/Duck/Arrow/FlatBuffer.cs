using System.Buffers.Binary;

namespace Rat.Engine.Duck.Arrow;

/// <summary>
/// Writes a FlatBuffer from its beginning to its end: every table after its vtable, what it refers to after itself. References are distances
/// from the place where they stand (https://flatbuffers.dev/internals).
/// </summary>
internal sealed class FlatBuffer
{
    private const int LargestAlignment = 8;

    private byte[] _bytes = new byte[1024];
    private int _length = sizeof(int);

    private FlatBuffer()
    {
    }

    /// <summary>The buffer's bytes; their number is a multiple of 8.</summary>
    public static ReadOnlyMemory<byte> Write(FlatTable root)
    {
        var buffer = new FlatBuffer();
        buffer.Put(0, sizeof(int), buffer.Add(root));
        buffer.Reserve(0, LargestAlignment);
        return buffer._bytes.AsMemory(0, buffer._length);
    }

    private int Add(FlatNode node) => node switch
    {
        FlatTable table => AddTable(table),
        FlatTables tables => AddTables(tables),
        FlatPairs pairs => AddPairs(pairs),
        FlatText text => AddText(text),
        _ => throw new InvalidOperationException($"{node} is no part of a FlatBuffer"),
    };

    private int AddTable(FlatTable table)
    {
        // 1. Where each field stands behind the four bytes that lead to the vtable.
        var places = new int[table.Fields.Count];
        var size = sizeof(int);
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = Aligned(size, table.Fields[i].Size);
            size = places[i] + table.Fields[i].Size;
        }

        // 2. The vtable: its size, the table's, the place of each field or 0.
        var slots = table.Fields.Select(field => field.Position + 1).DefaultIfEmpty(0).Max();
        var vtable = Reserve((2 + slots) * sizeof(ushort), sizeof(ushort));
        Put(vtable, sizeof(ushort), (2 + slots) * sizeof(ushort));
        Put(vtable + sizeof(ushort), sizeof(ushort), size);
        for (var i = 0; i < places.Length; i++)
            Put(vtable + ((2 + table.Fields[i].Position) * sizeof(ushort)), sizeof(ushort), places[i]);

        // 3. The table, then what it refers to.
        var start = Reserve(size, LargestAlignment);
        Put(start, sizeof(int), start - vtable);
        for (var i = 0; i < places.Length; i++)
        {
            var (_, width, value, node) = table.Fields[i];
            Put(start + places[i], width, node is null ? value : Add(node) - (start + places[i]));
        }

        return start;
    }

    private int AddTables(FlatTables tables)
    {
        var start = Reserve(sizeof(int) * (1 + tables.Items.Count), sizeof(int));
        Put(start, sizeof(int), tables.Items.Count);
        for (var i = 0; i < tables.Items.Count; i++)
        {
            var place = start + (sizeof(int) * (1 + i));
            Put(place, sizeof(int), Add(tables.Items[i]) - place);
        }

        return start;
    }

    private int AddPairs(FlatPairs pairs)
    {
        // The elements are aligned to 8, their number stands right before the first.
        var start = Reserve(sizeof(int), LargestAlignment, before: sizeof(int));
        Put(start, sizeof(int), pairs.Items.Count);
        foreach (var (first, second) in pairs.Items)
        {
            Put(Reserve(sizeof(long), LargestAlignment), sizeof(long), first);
            Put(Reserve(sizeof(long), LargestAlignment), sizeof(long), second);
        }

        return start;
    }

    private int AddText(FlatText text)
    {
        var start = Reserve(sizeof(int) + text.Bytes.Length + 1, sizeof(int));
        Put(start, sizeof(int), text.Bytes.Length);
        text.Bytes.CopyTo(_bytes, start + sizeof(int));
        return start;
    }

    private static int Aligned(int place, int alignment) => (place + alignment - 1) / alignment * alignment;

    /// <summary>Zeros at the end.</summary>
    /// <param name="before">So many bytes in front of the aligned place belong to it.</param>
    private int Reserve(int size, int alignment, int before = 0)
    {
        var start = Aligned(_length + before, alignment) - before;
        _length = start + size;
        if (_length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_length, _bytes.Length * 2));
        return start;
    }

    private void Put(int place, int size, long value)
    {
        var target = _bytes.AsSpan(place, size);
        switch (size)
        {
            case sizeof(byte):
                target[0] = (byte)value;
                break;
            case sizeof(ushort):
                BinaryPrimitives.WriteUInt16LittleEndian(target, checked((ushort)value));
                break;
            case sizeof(int):
                BinaryPrimitives.WriteInt32LittleEndian(target, checked((int)value));
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(target, value);
                break;
        }
    }
}

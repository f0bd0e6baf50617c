using System.Buffers.Binary;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Values;

namespace Rat.Engine.Duck.Arrow;

/// <summary>
/// Collects values of one column in Arrow's layout (https://arrow.apache.org/docs/format/Columnar.html#physical-memory-layout); nested types have
/// one of these for each part.
/// </summary>
internal sealed class ArrowColumn
{
    private readonly DuckType _type;
    private readonly ArrowColumn[] _parts;
    private readonly int _width;
    private readonly GrowingBytes _validity = new();
    private readonly GrowingBytes _offsets = new();
    private readonly GrowingBytes _data = new();
    private VectorView _view;
    private int _count;
    private int _nullCount;

    public ArrowColumn(DuckType type)
    {
        _type = type;
        _parts = type.Kind == DuckTypeKind.Map
            ? [new ArrowColumn(ArrowMessages.EntryOf(type))]
            : [.. type.Fields.Select(field => new ArrowColumn(field.Type))];
        _width = type.Kind switch
        {
            DuckTypeKind.Integer or DuckTypeKind.Float or DuckTypeKind.Date => 4,
            DuckTypeKind.BigInt or DuckTypeKind.Double or DuckTypeKind.Time or DuckTypeKind.Timestamp or DuckTypeKind.TimestampTz => 8,
            _ => 0,
        };
        Clear();
    }

    /// <summary>Bytes collected, parts included.</summary>
    public long Size => _validity.Length + _offsets.Length + _data.Length + _parts.Sum(part => part.Size);

    private bool HasOffsets => _type.Kind is DuckTypeKind.Varchar or DuckTypeKind.Blob or DuckTypeKind.List or DuckTypeKind.Map;

    private bool HasData => _type.Kind is not (DuckTypeKind.List or DuckTypeKind.Map or DuckTypeKind.Struct);

    /// <summary>Takes the pointers of a chunk's vector.</summary>
    public void Bind(nint vector)
    {
        _view = new VectorView(vector);
        if (_type.Kind is DuckTypeKind.List or DuckTypeKind.Map)
            _parts[0].Bind(NativeMethods.Vectors.DuckDBListVectorGetChild(vector));
        for (var i = 0; _type.Kind == DuckTypeKind.Struct && i < _parts.Length; i++)
            _parts[i].Bind(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i));
    }

    public void Append(long first, long count)
    {
        if (_width > 0)
        {
            AppendFixed(first, (int)count);
            return;
        }

        for (var row = first; row < first + count; row++)
        {
            if (_view.IsNull(row))
                AppendNull();
            else
                AppendValue(row);
        }
    }

    /// <summary>Adds lengths and buffers of this column, then those of its parts.</summary>
    public void CollectInto(List<(long Length, long NullCount)> nodes, List<ReadOnlyMemory<byte>> buffers)
    {
        nodes.Add((_count, _nullCount));
        _validity.EnsureBits(_count);
        // May be left out when there is no null.
        buffers.Add(_nullCount == 0 ? default : _validity.Written);
        if (HasOffsets)
            buffers.Add(_offsets.Written);
        if (_type.Kind == DuckTypeKind.Boolean)
            _data.EnsureBits(_count);
        if (HasData)
            buffers.Add(_data.Written);
        foreach (var part in _parts)
            part.CollectInto(nodes, buffers);
    }

    public void Clear()
    {
        (_count, _nullCount) = (0, 0);
        _validity.Clear();
        _offsets.Clear();
        _data.Clear();
        if (HasOffsets)
            _offsets.AddInt32(0);
        foreach (var part in _parts)
            part.Clear();
    }

    private void AppendFixed(long first, int count)
    {
        var target = _data.Add(count * _width);
        _view.Raw(first * _width, count * _width).CopyTo(target);
        for (var i = 0; i < count; i++)
        {
            if (!_view.IsNull(first + i))
            {
                _validity.SetBit(_count++);
                continue;
            }

            // What lies where no value is may be anything of the process.
            target.Slice(i * _width, _width).Clear();
            _count++;
            _nullCount++;
        }
    }

    private void AppendValue(long row)
    {
        switch (_type.Kind)
        {
            case DuckTypeKind.Boolean:
                if (_view.Read<byte>(row) != 0)
                    _data.SetBit(_count);
                break;
            case DuckTypeKind.Decimal:
                BinaryPrimitives.WriteInt128LittleEndian(_data.Add(16), _view.Decimal(row, _type.Width));
                break;
            case DuckTypeKind.Varchar or DuckTypeKind.Blob:
                _data.Add(_view.Bytes(row));
                _offsets.AddInt32(_data.Length);
                break;
            case DuckTypeKind.List or DuckTypeKind.Map:
                var entry = _view.Read<ListEntry>(row);
                _parts[0].Append((long)entry.Offset, (long)entry.Length);
                _offsets.AddInt32(_parts[0]._count);
                break;
            case DuckTypeKind.Struct:
                foreach (var part in _parts)
                    part.Append(row, 1);
                break;
            default:
                throw new InvalidOperationException($"values of type {_type.Name} are not written as Arrow");
        }

        _validity.SetBit(_count++);
    }

    private void AppendNull()
    {
        switch (_type.Kind)
        {
            case DuckTypeKind.Decimal:
                _data.Add(16);
                break;
            case DuckTypeKind.Varchar or DuckTypeKind.Blob:
                _offsets.AddInt32(_data.Length);
                break;
            case DuckTypeKind.List or DuckTypeKind.Map:
                _offsets.AddInt32(_parts[0]._count);
                break;
            case DuckTypeKind.Struct:
                foreach (var part in _parts)
                    part.AppendNull();
                break;
            default:
                _data.Add(_width);
                break;
        }

        _count++;
        _nullCount++;
    }
}

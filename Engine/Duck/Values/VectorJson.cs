using System.Text;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Values;

/// <summary>Writes the values of one vector as JSON: the table of every type. Nested types have one of these for each part.</summary>
internal sealed class VectorJson
{
    private readonly DuckType _type;
    private readonly VectorJson[] _parts;

    // Of the parts of a STRUCT, with colon; of the values of an ENUM.
    private readonly byte[][] _names;
    private VectorView _view;

    public VectorJson(DuckType type)
    {
        _type = type;
        _parts = [.. type.Fields.Select(field => new VectorJson(field.Type))];
        _names = type.Kind switch
        {
            DuckTypeKind.Struct => [.. type.Fields.Select((field, i) => PropertyName(type.IsUnnamedStruct ? $"{i + 1}" : field.Name))],
            DuckTypeKind.Enum => new byte[type.EnumValues.Count][],
            _ => [],
        };
    }

    /// <summary><c>"name":</c></summary>
    public static byte[] PropertyName(string name) => [.. Quoted(name), (byte)':'];

    /// <summary>Takes the pointers of a chunk's vector.</summary>
    public void Bind(nint vector)
    {
        _view = new VectorView(vector);
        switch (_type.Kind)
        {
            case DuckTypeKind.List:
                _parts[0].Bind(NativeMethods.Vectors.DuckDBListVectorGetChild(vector));
                break;
            case DuckTypeKind.Array:
                _parts[0].Bind(NativeMethods.Vectors.DuckDBArrayVectorGetChild(vector));
                break;
            case DuckTypeKind.Map: // a list of structs
                BindParts(NativeMethods.Vectors.DuckDBListVectorGetChild(vector));
                break;
            case DuckTypeKind.Struct:
                BindParts(vector);
                break;
        }
    }

    public void Write(JsonBuffer json, long row)
    {
        if (_view.IsNull(row))
        {
            json.Add("null"u8);
            return;
        }

        switch (_type.Kind)
        {
            case DuckTypeKind.Boolean:
                json.Add(_view.Read<byte>(row) != 0 ? "true"u8 : "false"u8);
                break;
            case DuckTypeKind.TinyInt:
                NumberJson.Add(json, (long)_view.Read<sbyte>(row));
                break;
            case DuckTypeKind.SmallInt:
                NumberJson.Add(json, (long)_view.Read<short>(row));
                break;
            case DuckTypeKind.Integer:
                NumberJson.Add(json, (long)_view.Read<int>(row));
                break;
            case DuckTypeKind.BigInt:
                NumberJson.Add(json, _view.Read<long>(row));
                break;
            case DuckTypeKind.UTinyInt:
                NumberJson.Add(json, (long)_view.Read<byte>(row));
                break;
            case DuckTypeKind.USmallInt:
                NumberJson.Add(json, (long)_view.Read<ushort>(row));
                break;
            case DuckTypeKind.UInteger:
                NumberJson.Add(json, (long)_view.Read<uint>(row));
                break;
            case DuckTypeKind.UBigInt:
                NumberJson.Add(json, (Int128)_view.Read<ulong>(row));
                break;
            case DuckTypeKind.HugeInt:
                NumberJson.Add(json, _view.Read<Int128>(row));
                break;
            case DuckTypeKind.UHugeInt:
                NumberJson.Add(json, _view.Read<UInt128>(row));
                break;
            case DuckTypeKind.Float:
                NumberJson.Add(json, _view.Read<float>(row));
                break;
            case DuckTypeKind.Double:
                NumberJson.Add(json, _view.Read<double>(row));
                break;
            case DuckTypeKind.Decimal:
                NumberJson.AddDecimal(json, _view.Decimal(row, _type.Width), _type.Scale);
                break;
            case DuckTypeKind.Varchar:
                json.AddString(_view.Bytes(row));
                break;
            case DuckTypeKind.Enum:
                json.Add(EnumValue(row));
                break;
            case DuckTypeKind.Blob:
                ScalarJson.AddBase64(json, _view.Bytes(row));
                break;
            case DuckTypeKind.Bit:
                ScalarJson.AddBits(json, _view.Bytes(row));
                break;
            case DuckTypeKind.List:
                var entry = _view.Read<ListEntry>(row);
                WriteList(json, (long)entry.Offset, (long)entry.Length);
                break;
            case DuckTypeKind.Array:
                WriteList(json, row * _type.ArraySize, _type.ArraySize);
                break;
            case DuckTypeKind.Struct:
                WriteStruct(json, row);
                break;
            case DuckTypeKind.Map:
                WriteMap(json, _view.Read<ListEntry>(row));
                break;
            default:
                ScalarJson.Add(json, _view, row, _type);
                break;
        }
    }

    private static byte[] Quoted(string text)
    {
        var json = new JsonBuffer();
        json.AddString(Encoding.UTF8.GetBytes(text));
        return json.Written.ToArray();
    }

    private void BindParts(nint vector)
    {
        for (var i = 0; i < _parts.Length; i++)
            _parts[i].Bind(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i));
    }

    private byte[] EnumValue(long row)
    {
        var index = _view.EnumIndex(row, _names.Length);
        return _names[index] ??= Quoted(_type.EnumValues[index]);
    }

    private void WriteList(JsonBuffer json, long first, long count)
    {
        json.Add((byte)'[');
        for (var i = first; i < first + count; i++)
        {
            _parts[0].Write(json, i);
            json.Add((byte)',');
        }

        json.Close((byte)']');
    }

    private void WriteStruct(JsonBuffer json, long row)
    {
        json.Add((byte)'{');
        for (var i = 0; i < _parts.Length; i++)
        {
            json.Add(_names[i]);
            _parts[i].Write(json, row);
            json.Add((byte)',');
        }

        json.Close((byte)'}');
    }

    /// <summary>An object when keys are strings, else an array of <c>{"key":…,"value":…}</c>.</summary>
    private void WriteMap(JsonBuffer json, ListEntry entry)
    {
        var isObject = _parts[0]._type.Kind is DuckTypeKind.Varchar or DuckTypeKind.Enum;
        json.Add(isObject ? (byte)'{' : (byte)'[');
        for (var i = (long)entry.Offset; i < (long)(entry.Offset + entry.Length); i++)
        {
            if (!isObject)
                json.Add("{\"key\":"u8);
            _parts[0].Write(json, i);
            json.Add(isObject ? ":"u8 : ",\"value\":"u8);
            _parts[1].Write(json, i);
            json.Add(isObject ? ","u8 : "},"u8);
        }

        json.Close(isObject ? (byte)'}' : (byte)']');
    }
}

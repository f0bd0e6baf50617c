using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Torture.Data;

/// <summary>
/// Reads an Avro object container file (Apache Avro specification 1.11, "Object Container Files" and "Binary Encoding") by the schema that
/// it carries, codecs <c>null</c> and <c>deflate</c>. Records become dictionaries, so that nothing here depends on the program's own writer.
/// </summary>
internal static class AvroFile
{
    private static ReadOnlySpan<byte> Magic => "Obj\u0001"u8;

    /// <exception cref="InvalidDataException">The file is not whole.</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, object?>> Read(string path)
    {
        try
        {
            return ReadRecords(new AvroDecoder(File.ReadAllBytes(path)));
        }
        catch (Exception malformed) when (malformed is ArgumentException or IndexOutOfRangeException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{path} is not a whole Avro file: {malformed.Message}", malformed);
        }
    }

    private static List<IReadOnlyDictionary<string, object?>> ReadRecords(AvroDecoder file)
    {
        if (!file.Take(4).SequenceEqual(Magic))
            throw new InvalidDataException("no Avro magic");
        var metadata = (Dictionary<string, object?>)file.Read(JsonNode.Parse("""{"type":"map","values":"bytes"}""")!)!;
        var sync = file.Take(16).ToArray();
        var schema = JsonNode.Parse((byte[])metadata["avro.schema"]!)!;
        var isDeflated = metadata.TryGetValue("avro.codec", out var codec) && Encoding.ASCII.GetString((byte[])codec!) == "deflate";

        var records = new List<IReadOnlyDictionary<string, object?>>();
        while (!file.IsAtEnd)
        {
            var count = file.ReadLong();
            var block = file.Take((int)file.ReadLong()).ToArray();
            if (!file.Take(16).SequenceEqual(sync))
                throw new InvalidDataException("a block does not end with the sync marker");
            var decoder = new AvroDecoder(isDeflated ? Inflate(block) : block);
            for (var i = 0L; i < count; i++)
                records.Add((Dictionary<string, object?>)decoder.Read(schema)!);
        }

        return records;
    }

    private static byte[] Inflate(byte[] block)
    {
        using var inflated = new MemoryStream();
        using var stream = new DeflateStream(new MemoryStream(block), CompressionMode.Decompress);
        stream.CopyTo(inflated);
        return inflated.ToArray();
    }

    private sealed class AvroDecoder(byte[] bytes)
    {
        private readonly Dictionary<string, JsonNode> _named = [];
        private int _position;

        public bool IsAtEnd => _position == bytes.Length;

        public ReadOnlySpan<byte> Take(int length)
        {
            var taken = bytes.AsSpan(_position, length);
            _position += length;
            return taken;
        }

        public long ReadLong()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = bytes[_position++];
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                    return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        public object? Read(JsonNode schema) => schema switch
        {
            JsonArray union => Read(union[(int)ReadLong()]!),
            JsonObject type => ReadComplex(type),
            _ => ReadPrimitive((string)schema!),
        };

        private object? ReadPrimitive(string type) => type switch
        {
            "null" => null,
            "boolean" => Take(1)[0] != 0,
            "int" or "long" => ReadLong(),
            "float" => BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
            "double" => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
            "bytes" => Take((int)ReadLong()).ToArray(),
            "string" => Encoding.UTF8.GetString(Take((int)ReadLong())),
            _ => Read(_named[type]),
        };

        private object? ReadComplex(JsonObject type)
        {
            if (type["name"] is { } name)
                _named[(string)name!] = type;
            return type["type"] switch
            {
                JsonValue kind when (string?)kind == "record" => ReadRecord(type["fields"]!.AsArray()),
                JsonValue kind when (string?)kind == "array" => ReadBlocks(() => Read(type["items"]!)),
                JsonValue kind when (string?)kind == "map" => ReadMap(type["values"]!),
                JsonValue kind when (string?)kind == "fixed" => Take((int)type["size"]!).ToArray(),
                JsonValue kind when (string?)kind == "enum" => (string)type["symbols"]![(int)ReadLong()]!,
                var inner => Read(inner!),
            };
        }

        private Dictionary<string, object?> ReadRecord(JsonArray fields)
        {
            var record = new Dictionary<string, object?>();
            foreach (var field in fields)
                record[(string)field!["name"]!] = Read(field["type"]!);
            return record;
        }

        private Dictionary<string, object?> ReadMap(JsonNode values) =>
            ReadBlocks(() => KeyValuePair.Create((string)ReadPrimitive("string")!, Read(values))).ToDictionary();

        private List<T> ReadBlocks<T>(Func<T> item)
        {
            var items = new List<T>();
            for (long count; (count = ReadLong()) != 0;)
            {
                if (count < 0)
                    ReadLong(); // a negative count is followed by the block's size in bytes
                for (var i = Math.Abs(count); i > 0; i--)
                    items.Add(item());
            }

            return items;
        }
    }
}

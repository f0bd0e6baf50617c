using System.IO.Compression;
using System.Security.Cryptography;

namespace Rat.Storage.Lake.Avro;

/// <summary>Avro's object container file (Avro specification, "Object Container Files"): a header, then one block.</summary>
internal static class AvroFile
{
    private const int SyncMarkerSize = 16;

    /// <summary>A whole file.</summary>
    /// <param name="schema">The Avro schema of the records, JSON.</param>
    /// <param name="properties">Further keys of the header.</param>
    /// <param name="count">How many records there are.</param>
    /// <param name="records">The records, encoded one after the other.</param>
    public static ReadOnlyMemory<byte> Build(
        string schema, IReadOnlyList<(string Key, string Value)> properties, int count, ReadOnlySpan<byte> records)
    {
        Span<byte> syncMarker = stackalloc byte[SyncMarkerSize];
        RandomNumberGenerator.Fill(syncMarker);

        var file = new AvroEncoder();
        file.Encoded("Obj\x01"u8);
        file.Long(properties.Count + 2);
        Property(file, "avro.schema", schema);
        Property(file, "avro.codec", "deflate");
        foreach (var (key, value) in properties)
            Property(file, key, value);
        file.Long(0);
        file.Encoded(syncMarker);

        // An empty block would end the file for some readers: a file without records has none.
        if (count > 0)
        {
            file.Long(count);
            file.Bytes(Deflate(records));
            file.Encoded(syncMarker);
        }

        return file.Written.ToArray();
    }

    private static void Property(AvroEncoder file, string key, string value)
    {
        file.Text(key);
        file.Text(value);
    }

    // RFC 1951 without a zlib header, as the codec "deflate" says.
    private static byte[] Deflate(ReadOnlySpan<byte> records)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(records);
        return compressed.ToArray();
    }
}

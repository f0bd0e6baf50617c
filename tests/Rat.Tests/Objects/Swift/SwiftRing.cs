using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Tests.Objects.Swift;

/// <summary>A ring file of Swift with one device, in its format "R1NG" version 1: a description in JSON, then the device of each partition.
/// Swift's own tool takes seconds for it.</summary>
internal static class SwiftRing
{
    private const int PartitionPower = 4;

    public static void Write(string path, int port)
    {
        var description = Encoding.ASCII.GetBytes(new JsonObject
        {
            ["byteorder"] = BitConverter.IsLittleEndian ? "little" : "big",
            ["devs"] = new JsonArray(new JsonObject
            {
                ["id"] = 0,
                ["region"] = 1,
                ["zone"] = 1,
                ["ip"] = "127.0.0.1",
                ["port"] = port,
                ["replication_ip"] = "127.0.0.1",
                ["replication_port"] = port,
                ["device"] = "d1",
                ["weight"] = 1.0,
                ["meta"] = "",
            }),
            ["part_shift"] = 32 - PartitionPower,
            ["replica_count"] = 1,
        }.ToJsonString());
        var head = new byte[10];
        Encoding.ASCII.GetBytes("R1NG", head);
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(4), 1);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(6), description.Length);
        using var file = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        file.Write(head);
        file.Write(description);
        file.Write(new byte[sizeof(ushort) << PartitionPower]);
    }
}

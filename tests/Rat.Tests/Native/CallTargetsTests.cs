using System.IO.Compression;
using System.Security.Cryptography;
using Rat.Engine.Duck.Native;

namespace Rat.Tests.Native;

/// <summary>What the build makes of calls is undone, in whatever pieces the bytes come.</summary>
public sealed class CallTargetsTests
{
    // Bytes that mean something to the filter, so that random ones meet every case: opcodes inside distances, calls that overlap, ends in
    // the midst of one.
    private static readonly byte[] Telling = [0xE8, 0xE8, 0x00, 0xFF, 0x01, 0x7F, 0x80];

    [Fact]
    public void Generated_bytes_come_back_from_pieces_of_any_size()
    {
        var random = new Random(20261129);
        for (var round = 0; round < 5_000; round++)
        {
            var original = Generate(random, random.Next(0, 200));
            var stored = Absolute(original);
            Assert.Equal(original, Restore(stored, largestPiece: random.Next(1, 40), random));
        }
    }

    [Fact]
    public void A_call_s_target_is_the_same_from_everywhere()
    {
        byte[] code = [0xE8, 0x10, 0, 0, 0, 0x90, 0x90, 0x90, 0xE8, 0x08, 0, 0, 0];
        Assert.Equal([0xE8, 0x15, 0, 0, 0, 0x90, 0x90, 0x90, 0xE8, 0x15, 0, 0, 0], Absolute(code));
    }

    [Fact]
    public void A_library_past_the_reach_of_25_bits_is_unpacked_as_it_was()
    {
        var random = new Random(4711);
        var original = Generate(random, 40_000_001);
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            brotli.Write(Absolute(original));
        var library = new EmbeddedLibrary(
            "lib.so", Convert.ToHexStringLower(SHA256.HashData(original)), original.Length, HasAbsoluteCalls: true,
            () => new MemoryStream(compressed.ToArray()));

        using var unpacked = new MemoryStream(original.Length);
        library.UnpackTo(unpacked);
        Assert.True(original.AsSpan().SequenceEqual(unpacked.GetBuffer().AsSpan(0, (int)unpacked.Length)));
        Assert.Throws<InvalidDataException>(() => (library with { HasAbsoluteCalls = false }).UnpackTo(Stream.Null));
    }

    private static byte[] Generate(Random random, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = Telling[random.Next(Telling.Length)];
        return bytes;
    }

    /// <summary>The build's part, from its description, without a thought for speed.</summary>
    private static byte[] Absolute(byte[] code)
    {
        var bytes = code.ToList();
        for (var i = 0; i + 5 <= bytes.Count; i++)
        {
            if (bytes[i] != 0xE8)
                continue;
            if (bytes[i + 4] is not (0 or 255))
            {
                i += 3;
                continue;
            }

            long distance = BitConverter.ToInt32([bytes[i + 1], bytes[i + 2], bytes[i + 3], bytes[i + 4]]);
            var target = (distance + i + 5) % (1 << 25);
            if (target < 0)
                target += 1 << 25;
            if (target >= 1 << 24)
                target -= 1 << 25;
            var written = BitConverter.GetBytes((int)target);
            for (var j = 0; j < 4; j++)
                bytes[i + 1 + j] = written[j];
            i += 4;
        }

        return [.. bytes];
    }

    private static byte[] Restore(byte[] stored, int largestPiece, Random random)
    {
        List<byte> restored = [];
        byte[] held = [];
        for (var read = 0; read < stored.Length;)
        {
            var count = Math.Min(random.Next(1, largestPiece + 1), stored.Length - read);
            byte[] piece = [.. held, .. stored.AsSpan(read, count)];
            read += count;
            var done = CallTargets.Restore(piece, restored.Count);
            restored.AddRange(piece[..done]);
            held = piece[done..];
        }

        return [.. restored, .. held];
    }
}

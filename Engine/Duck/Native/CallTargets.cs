using System.Buffers.Binary;

namespace Rat.Engine.Duck.Native;

/// <summary>
/// Gives calls of x86-64 code the relative targets back that <c>build/call-targets.mjs</c> has made absolute: the same target looks the same
/// wherever it is called from, and the library compresses better. It is the idea of the "BCJ" filters of LZMA, reduced: an opcode E8 whose
/// four bytes of distance end in 00 or FF is taken for a call; target = distance + address after it, modulo 2^25, sign extended. Both
/// directions find the same places: a conversion keeps the opcode and the last byte's being 00 or FF, and none may begin so close after an
/// opcode that wasn't taken for a call that it would change the byte by which that was decided.
/// </summary>
internal static class CallTargets
{
    /// <summary>What an opcode and its distance take: so many bytes have to be seen to decide about the first.</summary>
    public const int CallBytes = 5;

    private const byte Call = 0xE8;

    /// <summary>Restores the calls that are whole in the bytes, in place.</summary>
    /// <param name="bytes">A piece of the library.</param>
    /// <param name="position">Of the piece in the library.</param>
    /// <returns>How many bytes are as they were; the rest, fewer than a call, must come again in front of the next piece, and is as it was
    /// once there is none.</returns>
    public static int Restore(Span<byte> bytes, long position)
    {
        var at = 0;
        while (at <= bytes.Length - CallBytes)
        {
            var next = bytes[at..(bytes.Length - CallBytes + 1)].IndexOf(Call);
            if (next < 0)
                return bytes.Length - CallBytes + 1;
            at += next;
            var distance = bytes.Slice(at + 1, sizeof(int));
            if (distance[^1] is not (0x00 or 0xFF))
            {
                at += CallBytes - 1;
                continue;
            }

            at += CallBytes;
            var relative = BinaryPrimitives.ReadInt32LittleEndian(distance) - (int)(position + at);
            BinaryPrimitives.WriteInt32LittleEndian(distance, relative << 7 >> 7);
        }

        return at;
    }
}

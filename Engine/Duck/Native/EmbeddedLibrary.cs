using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace Rat.Engine.Duck.Native;

/// <summary>A native library that travels compressed with the program.</summary>
/// <param name="FileName">Its name once unpacked.</param>
/// <param name="Sha256">Of the unpacked library, in lower-case hexadecimal.</param>
/// <param name="Length">Of the unpacked library, in bytes.</param>
/// <param name="HasAbsoluteCalls">Whether <see cref="CallTargets"/> has to be asked for what it was.</param>
/// <param name="Open">Opens the library, Brotli-compressed (RFC 7932).</param>
internal sealed record EmbeddedLibrary(string FileName, string Sha256, long Length, bool HasAbsoluteCalls, Func<Stream> Open)
{
    private const string Resource = "native/duckdb.br";
    private const string Description = "native/duckdb.txt";
    private const int BufferBytes = 1 << 20;

    /// <summary>DuckDB's library inside this executable, or null in a development build. <c>build/native.mjs</c> makes both resources.</summary>
    public static EmbeddedLibrary? Find()
    {
        var executable = Assembly.GetExecutingAssembly();
        if (executable.GetManifestResourceStream(Description) is not { } stream)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split(' ', StringSplitOptions.TrimEntries) is [var name, var sha256, var length, var form] && form is "calls" or "plain"
            ? new EmbeddedLibrary(
                name, sha256, long.Parse(length, CultureInfo.InvariantCulture), form == "calls", () => executable.GetManifestResourceStream(Resource)!)
            : throw new InvalidOperationException($"{Description} is not what the build writes");
    }

    /// <summary>Writes the unpacked library.</summary>
    /// <exception cref="InvalidDataException">What comes out is not what the build put in.</exception>
    public void UnpackTo(Stream target)
    {
        using var compressed = Open();
        using var unpacked = new BrotliStream(compressed, CompressionMode.Decompress);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        var (position, held) = (0L, 0); // bytes that are done, and those of the buffer that wait for the next
        for (int count; (count = Read(unpacked, buffer.AsSpan(held))) > 0;)
        {
            var piece = buffer.AsSpan(0, held + count);
            var done = HasAbsoluteCalls ? CallTargets.Restore(piece, position) : piece.Length;
            Take(piece[..done]);
            piece[done..].CopyTo(buffer);
            (position, held) = (position + done, piece.Length - done);
        }

        Take(buffer.AsSpan(0, held));
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != Sha256)
            throw Damaged();

        void Take(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            target.Write(bytes);
        }
    }

    private int Read(BrotliStream unpacked, Span<byte> buffer)
    {
        try
        {
            return unpacked.Read(buffer);
        }
        catch (InvalidOperationException notBrotli)
        {
            throw Damaged(notBrotli);
        }
    }

    private InvalidDataException Damaged(Exception? inner = null) => new($"{FileName} inside the program is damaged", inner);
}

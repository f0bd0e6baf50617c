using System.Buffers;
using System.Security.Cryptography;

namespace Rat.Storage.Objects.S3;

/// <summary>Puts what a stream gives: in one piece, or in parts when it is longer than one. A part is held in memory until the store has taken
/// it, so that it can be sent again; no more than <see cref="PartsAtOnce"/> are, and the one that is being read. A file is read twice when it
/// is sent in parts: its hash has to be told first.</summary>
internal sealed class StreamedPut(S3Client client, string key, long largest)
{
    private const int PartsAtOnce = 3;

    // S3 takes 10 000 parts ("Amazon S3 multipart upload limits"): they grow before they run out.
    private const int PartsOfOneSize = 1000;
    private const int MostDoublings = 4;

    public async Task<Outcome<long>> PutAsync(Stream content, CancellationToken cancellation)
    {
        var (part, size) = await ReadAsync(content, number: 1, cancellation);
        if (size > largest)
            return TooLarge();
        if (size < client.Settings.PartBytes)
        {
            await client.PutAsync(key, part.AsMemory(0, size), cancellation);
            ArrayPool<byte>.Shared.Return(part);
            return (long)size;
        }

        var upload = await MultipartUpload.BeginAsync(client, key, await HashAsync(content, size, cancellation), cancellation);
        var isComplete = false;
        try
        {
            var sent = await SendPartsAsync(upload, part, size, content, cancellation);
            if (sent.Succeeded)
                await upload.CompleteAsync(cancellation);
            isComplete = sent.Succeeded;
            return sent;
        }
        finally
        {
            if (!isComplete)
                await upload.AbortAsync();
        }
    }

    private async Task<Outcome<long>> SendPartsAsync(MultipartUpload upload, byte[] part, int size, Stream content, CancellationToken cancellation)
    {
        var sending = new Queue<Task>();
        try
        {
            long total = 0;
            while (size > 0)
            {
                if ((total += size) > largest)
                    return TooLarge();
                if (sending.Count == PartsAtOnce)
                    await sending.Dequeue();
                var number = upload.NextPart();
                sending.Enqueue(SendAsync(upload, number, part, size, cancellation));
                (part, size) = await ReadAsync(content, number + 1, cancellation);
            }

            await Task.WhenAll(sending);
            return total;
        }
        finally
        {
            // A part that arrives after the upload was given up would stay.
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Buffers that aren't given back, for whatever went wrong, are left to the collector.
    private static async Task SendAsync(MultipartUpload upload, int number, byte[] part, int size, CancellationToken cancellation)
    {
        await upload.SendAsync(number, part.AsMemory(0, size), cancellation);
        ArrayPool<byte>.Shared.Return(part);
    }

    private async Task<(byte[] Part, int Size)> ReadAsync(Stream content, int number, CancellationToken cancellation)
    {
        var wanted = client.Settings.PartBytes << Math.Min(number / PartsOfOneSize, MostDoublings);
        if (content.CanSeek)
            wanted = (int)Math.Min(content.Length - content.Position + 1, wanted); // one more: its end is seen
        var part = ArrayPool<byte>.Shared.Rent(wanted);
        return (part, await content.ReadAtLeastAsync(part.AsMemory(0, wanted), wanted, throwOnEndOfStream: false, cancellation));
    }

    // Null for what can be read once only.
    private static async Task<string?> HashAsync(Stream content, int alreadyRead, CancellationToken cancellation)
    {
        if (!content.CanSeek)
            return null;
        var start = content.Position - alreadyRead;
        content.Position = start;
        var hash = await SHA256.HashDataAsync(content, cancellation);
        content.Position = start + alreadyRead;
        return Convert.ToHexStringLower(hash);
    }

    private Failure TooLarge() => Failure.TooLarge($"file too large (max {largest / (1024 * 1024)}MB)");
}

using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Lineage;

/// <summary>What sources refer to (engine.md 2.9). A version never changes: one that was read is stored with what was found in it, and read no more,
/// by no later process either.</summary>
internal sealed class LineageSources(UserFiles files, MetadataDatabase database, ILogger<LineageSources> logger)
{
    private const int AtOnce = 20;

    // What is longer isn't a template that could be rendered.
    private const int Longest = 16 * 1024 * 1024;

    // A read of as many bytes goes past the stream's own buffer.
    private const int SmallestRead = 256 * 1024;

    /// <summary>Reads those that nobody has looked into yet, several at once.</summary>
    /// <param name="cancellation">Once cancelled, the others are left out, as are those that can't be read: both are tried again next time.</param>
    public IReadOnlyDictionary<string, SourceRefs> Read(IEnumerable<LineageSource> sources, CancellationToken cancellation)
    {
        var missing = sources.Where(source => source.Refs is null).ToList();
        var read = new SourceRefs?[missing.Count];
        try
        {
            Parallel.For(0, missing.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
                place => read[place] = Load(missing[place]));
        }
        catch (OperationCanceledException)
        {
            // What was read until then is worth keeping.
        }

        var found = new Dictionary<string, SourceRefs>(StringComparer.Ordinal);
        foreach (var (place, refs) in read.Index())
        {
            if (refs is not null)
                found[missing[place].VersionId] = refs;
        }

        if (found.Count > 0)
            _ = StoreAsync([.. found.Select(pair => (pair.Key, pair.Value))]);
        return found;
    }

    // Nobody waits for it: without it the version is read once more.
    private async Task StoreAsync(IReadOnlyList<(string VersionId, SourceRefs Refs)> found)
    {
        const int AtATime = 500;
        try
        {
            foreach (var part in found.Chunk(AtATime))
            {
                await database.RideAsync(connection =>
                {
                    SourceRefsStore.Insert(connection, part);
                    return true;
                });
            }
        }
        catch (Exception exception) when (exception is SqliteException or ObjectDisposedException)
        {
            logger.ReferencesNotStored(exception);
        }
    }

    private SourceRefs? Load(LineageSource source)
    {
        try
        {
            return Read(source.ObjectKey) is { } text ? new SourceRefs(SourceReferences.Refs(text), SourceReferences.LandingZones(text)) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // All at once into a pooled buffer: the stream's own is a large one, made anew for each of ten thousand files.
    private string? Read(string objectKey)
    {
        using var stream = files.OpenObject(objectKey);
        if (stream is null)
            return null;
        var length = (int)Math.Min(stream.Length, Longest);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, SmallestRead));
        try
        {
            var read = stream.ReadAtLeast(buffer, length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

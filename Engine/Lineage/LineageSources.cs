using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Rat.Engine.Pipelines;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Lineage;

/// <summary>What a source refers to, as it is written there (engine.md 2.9).</summary>
internal sealed record SourceRefs(IReadOnlyList<string> Refs, IReadOnlyList<string> Zones)
{
    public static SourceRefs None { get; } = new([], []);
}

/// <summary>Reads sources and remembers what they refer to, by version: a version never changes.</summary>
internal sealed class LineageSources(UserFiles files)
{
    private const int AtOnce = 20;

    // What is longer isn't a template that could be rendered.
    private const int Longest = 16 * 1024 * 1024;

    // A read of as many bytes goes past the stream's own buffer.
    private const int SmallestRead = 256 * 1024;

    private ConcurrentDictionary<string, SourceRefs> _known = new(StringComparer.Ordinal);

    public SourceRefs Read(LineageSource source) => _known.TryGetValue(source.VersionId, out var known) ? known : Load(source);

    /// <summary>Reads what isn't known of these yet, several at once and while others are still being found, and forgets all that aren't among
    /// them. False when the time ran out before.</summary>
    public bool ReadAll(IEnumerable<LineageSource> sources, CancellationToken cancellation)
    {
        var before = _known;
        _known = new ConcurrentDictionary<string, SourceRefs>(StringComparer.Ordinal);
        try
        {
            Parallel.ForEach(sources, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, source =>
            {
                if (before.TryGetValue(source.VersionId, out var known))
                    _known[source.VersionId] = known;
                else
                    Load(source);
            });
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What is known of a source without reading it.</summary>
    public SourceRefs Known(LineageSource source) => _known.GetValueOrDefault(source.VersionId, SourceRefs.None);

    // A source that can't be read makes the graph smaller, and is tried again when it is asked for next.
    private SourceRefs Load(LineageSource source)
    {
        try
        {
            if (Read(source.ObjectKey) is not { } text)
                return SourceRefs.None;
            return _known[source.VersionId] = new SourceRefs(SourceReferences.Refs(text), SourceReferences.LandingZones(text));
        }
        catch (IOException)
        {
            return SourceRefs.None;
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

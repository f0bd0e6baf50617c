using Rat.Engine.Queries;
using Rat.Storage.Metadata;

namespace Rat.Engine.Lineage;

/// <summary>Answers what is made of what (behaviour §13).</summary>
internal sealed class LineageService(MetadataDatabase database, LineageImage image) : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _free = new(1);

    /// <summary>The graph as JSON (schema <c>LineageGraph</c>), the caller's to dispose.</summary>
    /// <param name="ns">Where the graph starts; null is everywhere.</param>
    public async Task<SegmentedBuffer> ReadAsync(string? ns, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            // Reading ten thousand sources takes a while, and the request's thread must not be held by it.
            return await Task.Run(() => Read(ns), CancellationToken.None);
        }
        finally
        {
            _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();

    private SegmentedBuffer Read(string? ns)
    {
        using var budget = new CancellationTokenSource(Budget);
        using (var snapshot = database.OpenSnapshot())
            image.Refresh(snapshot.Connection, budget.Token);
        var buffer = new SegmentedBuffer();
        try
        {
            image.Write(buffer, ns);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}

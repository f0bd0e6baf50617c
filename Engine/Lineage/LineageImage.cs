using System.Buffers;
using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Lineage;

/// <summary>
/// The graph in memory. It is read once in full; from then on only what has changed is read again, and an answer is put together from pieces
/// that are written already. Not for several threads at once.
/// </summary>
internal sealed class LineageImage(LineageSources sources) : IDisposable
{
    // Reading all is quicker than reading so many one by one.
    private const int MostSingle = 500;

    private readonly LineageJson _json = new();
    private readonly Dictionary<Guid, (TableName Name, LineagePipelineNode Node)> _pipelines = [];
    private readonly Dictionary<TableName, Guid> _ids = [];
    private readonly Dictionary<string, LineageNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, LineageNode> _zones = [];
    private long? _seen;
    private long _answers;

    /// <summary>Brings the image to the state that the snapshot shows.</summary>
    /// <param name="cancellation">Once cancelled, sources that weren't read yet are taken for empty, until the next time.</param>
    public void Refresh(SqliteConnection snapshot, CancellationToken cancellation)
    {
        var newest = ChangeStore.Newest(snapshot);
        if (newest == _seen)
            return;
        var changes = _seen is { } seen ? ChangeStore.Since(snapshot, seen, MostSingle + 1) : [];
        var isKnown = _seen is not null;
        // One that breaks off is begun anew.
        _seen = null;
        var isComplete = true;
        if (isKnown && changes.Count <= MostSingle)
        {
            foreach (var change in changes)
                Apply(snapshot, change);
        }
        else
        {
            isComplete = LoadAll(snapshot, cancellation);
        }

        _seen = isComplete ? newest : null;
    }

    /// <summary>Writes the graph (schema <c>LineageGraph</c>).</summary>
    /// <param name="ns">Where the graph starts; null is everywhere.</param>
    public void Write(IBufferWriter<byte> output, string? ns)
    {
        _answers++;
        var isFirst = true;
        output.Write("{\"nodes\":["u8);
        foreach (var (_, pipeline) in _pipelines.Values)
        {
            if (ns is not null && pipeline.Namespace != ns)
                continue;
            WriteNext(pipeline.Json);
            foreach (var node in pipeline.Around)
                WriteOnce(node);
        }

        foreach (var node in _nodes.Values)
        {
            if (node.Exists && (ns is null || node.Namespace == ns))
                WriteOnce(node);
        }

        output.Write("],\"edges\":["u8);
        isFirst = true;
        foreach (var (_, pipeline) in _pipelines.Values)
        {
            if (ns is null || pipeline.Namespace == ns)
                WriteNext(pipeline.Edges);
        }

        output.Write("]}"u8);

        void WriteOnce(LineageNode node)
        {
            if (node.Mark == _answers)
                return;
            node.Mark = _answers;
            WriteNext(node.Json);
        }

        void WriteNext(byte[] json)
        {
            if (!isFirst)
                output.Write(","u8);
            isFirst = false;
            output.Write(json);
        }
    }

    public void Dispose() => _json.Dispose();

    private bool LoadAll(SqliteConnection snapshot, CancellationToken cancellation)
    {
        _pipelines.Clear();
        _ids.Clear();
        _nodes.Clear();
        _zones.Clear();
        var pipelines = LineageStore.AllPipelines(snapshot);
        var read = sources.Read(pipelines.Select(pipeline => pipeline.Source).OfType<LineageSource>(), cancellation);
        foreach (var table in LakeTables.List(snapshot, ns: null, layer: null))
            SetTable(table.Name, (table.RowCount, table.SizeBytes));
        foreach (var zone in LineageStore.AllZones(snapshot))
            SetZone(zone);
        foreach (var pipeline in pipelines)
            SetPipeline(pipeline, read);
        return !cancellation.IsCancellationRequested;
    }

    private void Apply(SqliteConnection snapshot, Change change)
    {
        switch (change.Kind)
        {
            case Change.Pipeline:
                Reload(snapshot, change.Key);
                break;
            case Change.File when change.Key.Split('/') is [var ns, "pipelines", var layer, var name, ..]:
                if (_ids.TryGetValue(new TableName(ns, layer, name), out var id))
                    Reload(snapshot, id.ToString());
                break;
            case Change.Table when change.Key.Split('.') is [var ns, var layer, var name]:
                var table = new TableName(ns, layer, name);
                SetTable(table, LineageStore.FindTable(snapshot, table));
                break;
            case Change.Zone when LineageStore.FindZone(snapshot, change.Key) is { } zone:
                SetZone(zone);
                break;
            case Change.Zone when Guid.TryParse(change.Key, out var gone) && _zones.Remove(gone, out var node):
                var nameOfZone = node.Id[(node.Id.LastIndexOf('.') + 1)..];
                (node.Json, node.Exists) = (_json.Zone(node.Namespace, nameOfZone, files: null), false);
                break;
        }
    }

    private void Reload(SqliteConnection snapshot, string id)
    {
        var key = Guid.Parse(id);
        if (LineageStore.FindPipeline(snapshot, id) is { } pipeline)
        {
            SetPipeline(pipeline, sources.Read(pipeline.Source is { } source ? [source] : [], CancellationToken.None));
        }
        else if (_pipelines.Remove(key, out var removed) && _ids.TryGetValue(removed.Name, out var current) && current == key)
        {
            _ids.Remove(removed.Name);
        }
    }

    // A source that can't be read makes the graph smaller.
    private void SetPipeline(LineagePipeline pipeline, IReadOnlyDictionary<string, SourceRefs> found)
    {
        var refs = pipeline.Source is { } source ? source.Refs ?? found.GetValueOrDefault(source.VersionId, SourceRefs.None) : SourceRefs.None;
        var (ns, id) = (pipeline.Name.Namespace, LineageJson.IdOfPipeline(pipeline.Name));
        var own = NodeOf(pipeline.Name);
        List<LineageNode> around = [own];
        List<(string, string, string)> edges = [(id, own.Id, "produces")];
        var read = new HashSet<LineageNode>();
        foreach (var text in refs.Refs)
        {
            // A name can be written with its namespace and without.
            if (TableOf(text, ns) is not { } table || NodeOf(table) is var node && !read.Add(node))
                continue;
            around.Add(node);
            edges.Add((node.Id, id, "ref"));
        }

        foreach (var zone in refs.Zones.Distinct(StringComparer.Ordinal))
        {
            var node = NodeOf(ns, zone);
            around.Add(node);
            edges.Add((node.Id, id, "landing_input"));
        }

        _pipelines[pipeline.Id] = (pipeline.Name, new LineagePipelineNode(ns, _json.Pipeline(pipeline), _json.Edges(edges), around));
        _ids[pipeline.Name] = pipeline.Id;
    }

    private void SetTable(TableName name, (long Rows, long Bytes)? size)
    {
        var node = NodeOf(name);
        (node.Json, node.Exists) = (_json.Table(name, size), size is not null);
    }

    private void SetZone(LineageZone zone)
    {
        var node = NodeOf(zone.Namespace, zone.Name);
        (node.Json, node.Exists) = (_json.Zone(zone.Namespace, zone.Name, zone.FileCount), true);
        _zones[zone.Id] = node;
    }

    private LineageNode NodeOf(TableName table)
    {
        var id = LineageJson.IdOfTable(table);
        if (!_nodes.TryGetValue(id, out var node))
            _nodes.Add(id, node = new LineageNode(id, table.Namespace) { Json = _json.Table(table, size: null) });
        return node;
    }

    private LineageNode NodeOf(string ns, string zone)
    {
        var id = LineageJson.IdOfZone(ns, zone);
        if (!_nodes.TryGetValue(id, out var node))
            _nodes.Add(id, node = new LineageNode(id, ns) { Json = _json.Zone(ns, zone, files: null) });
        return node;
    }

    // Two parts are in the pipeline's namespace, three name their own; what has others names no table.
    private static TableName? TableOf(string text, string ns) => text.Split('.') switch
    {
        [var layer, var name] => new TableName(ns, layer, name),
        [var other, var layer, var name] => new TableName(other, layer, name),
        _ => null,
    };
}

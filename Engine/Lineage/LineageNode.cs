namespace Rat.Engine.Lineage;

/// <summary>A table or a landing zone in the graph.</summary>
/// <param name="id"><c>table:{ns}.{layer}.{name}</c> or <c>landing:{ns}.{name}</c>.</param>
internal sealed class LineageNode(string id, string ns)
{
    public string Id => id;

    public string Namespace => ns;

    /// <summary>As it stands in the answer.</summary>
    public required byte[] Json { get; set; }

    /// <summary>False for what is only referred to.</summary>
    public bool Exists { get; set; }

    /// <summary>The last answer that it was written into.</summary>
    public long Mark { get; set; }
}

/// <summary>A pipeline in the graph, with all that hangs on it.</summary>
/// <param name="Json">Its node as it stands in the answer.</param>
/// <param name="Edges">Its edges as they stand in the answer, with commas between them.</param>
/// <param name="Around">Its table, and what it reads.</param>
internal sealed record LineagePipelineNode(string Namespace, byte[] Json, byte[] Edges, IReadOnlyList<LineageNode> Around);

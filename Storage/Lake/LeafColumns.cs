namespace Rat.Storage.Lake;

/// <summary>A column of a schema that holds values of its own.</summary>
/// <param name="Repeated">Inside a list or map: its bounds say nothing about rows.</param>
internal sealed record LeafColumn(int Id, LakeType Type, bool Repeated);

/// <summary>The leaves of a schema by the paths that DuckDB's statistics give them.</summary>
internal static class LeafColumns
{
    public static Dictionary<string, LeafColumn> ByPath(LakeSchema schema)
    {
        var leaves = new Dictionary<string, LeafColumn>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in schema.Fields)
            Add(leaves, LakeTypeText.Quote(field.Name), field.Id, field.Type, repeated: false);
        return leaves;
    }

    private static void Add(Dictionary<string, LeafColumn> leaves, string path, int id, LakeType type, bool repeated)
    {
        switch (type)
        {
            case StructType structure:
                foreach (var field in structure.Fields)
                    Add(leaves, $"{path}.{LakeTypeText.Quote(field.Name)}", field.Id, field.Type, repeated);
                break;
            case ListType list:
                Add(leaves, $"{path}.\"element\"", list.ElementId, list.Element, repeated: true);
                break;
            case MapType map:
                Add(leaves, $"{path}.\"key\"", map.KeyId, map.Key, repeated: true);
                Add(leaves, $"{path}.\"value\"", map.ValueId, map.Value, repeated: true);
                break;
            default:
                leaves.Add(path, new LeafColumn(id, type, repeated));
                break;
        }
    }
}

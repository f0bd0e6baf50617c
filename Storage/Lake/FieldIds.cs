namespace Rat.Storage.Lake;

/// <summary>Hands out the field ids of one table, each once. <paramref name="last"/> is the highest that was ever used.</summary>
internal sealed class FieldIds(int last)
{
    private int _last = last;

    /// <summary>A field that the table has never had.</summary>
    public LakeField New(string name, LakeType type) => new(++_last, name, New(type));

    /// <summary>Ids for fields that take the place of others: what kept its name and type keeps its id.</summary>
    public List<LakeField> Assign(IReadOnlyList<LakeField> before, IEnumerable<LakeField> fields) =>
    [
        .. from field in fields
           let old = before.FirstOrDefault(old => SameName(old.Name, field.Name))
           select old is not null && Keep(old.Type, field.Type) is { } type ? new LakeField(old.Id, field.Name, type) : New(field.Name, field.Type),
    ];

    public static bool SameName(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    // The type with the old ids, null when it is another type. A struct stays the same struct when its fields change; elements, keys and
    // values can't be replaced (Iceberg specification, "Schema Evolution").
    private LakeType? Keep(LakeType old, LakeType type) => (old, type) switch
    {
        (StructType before, StructType after) => new StructType(Assign(before.Fields, after.Fields)),
        (ListType before, ListType after) => Keep(before.Element, after.Element) is { } element ? before with { Element = element } : null,
        (MapType before, MapType after) => Same(before.Key, after.Key) && Keep(before.Value, after.Value) is { } value
            ? before with { Value = value }
            : null,
        _ => old == type ? old : null,
    };

    /// <summary>Whether two types are the same but for their field ids.</summary>
    public static bool Same(LakeType one, LakeType other) => (one, other) switch
    {
        (StructType left, StructType right) => left.Fields.Count == right.Fields.Count
            && left.Fields.Zip(right.Fields).All(pair => SameName(pair.First.Name, pair.Second.Name) && Same(pair.First.Type, pair.Second.Type)),
        (ListType left, ListType right) => Same(left.Element, right.Element),
        (MapType left, MapType right) => Same(left.Key, right.Key) && Same(left.Value, right.Value),
        _ => one == other,
    };

    /// <summary>The type with new ids all through.</summary>
    public LakeType New(LakeType type) => type switch
    {
        StructType structure => new StructType([.. structure.Fields.Select(field => New(field.Name, field.Type))]),
        ListType list => new ListType(++_last, New(list.Element)),
        MapType map => new MapType(++_last, New(map.Key), ++_last, New(map.Value)),
        _ => type,
    };
}

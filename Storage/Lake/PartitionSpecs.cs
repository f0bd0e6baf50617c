namespace Rat.Storage.Lake;

/// <summary>Which spec a table is written under.</summary>
internal static class PartitionSpecs
{
    /// <summary>Iceberg numbers partition fields from 1000 on: the last assigned one of a table without any.</summary>
    public const int NoFieldId = 999;

    private static readonly string[] Dates = ["date", "timestamp", "timestamptz"];
    private static readonly string[] Times = ["timestamp", "timestamptz"];

    /// <summary>The spec of a table that is about to be made with this schema.</summary>
    /// <returns><see cref="FailureKind.Invalid"/> for a column that the schema lacks, a transform that its type doesn't have, and for one
    /// that stands there twice.</returns>
    public static Outcome<PartitionSpec> New(LakeSchema schema, IReadOnlyList<(string Column, SpecTransform Transform)> by)
    {
        var fields = new List<SpecField>();
        foreach (var (column, transform) in by)
        {
            if (schema.Fields.FirstOrDefault(field => FieldIds.SameName(field.Name, column)) is not { } source)
                return Failure.Invalid($"partition_by: the result has no column {LakeTypeText.Quote(column)}");
            if (!Fits(source.Type, transform))
                return NotPartitionable(source, transform);
            var name = transform == SpecTransform.Identity ? source.Name : $"{source.Name}_{ToText(transform)}";
            if (fields.Any(field => FieldIds.SameName(field.Name, name)))
                return Failure.Invalid($"partition_by: {LakeTypeText.Quote(name)} stands there twice");
            fields.Add(new SpecField(NoFieldId + fields.Count + 1, source.Id, name, transform));
        }

        return new PartitionSpec(0, fields);
    }

    /// <summary>The spec that files of this schema are written under: the table's own as long as every column that it needs is there with a
    /// type that fits, else one without partitions.</summary>
    public static PartitionSpec After(TableState current, LakeSchema schema)
    {
        if (current.Spec.Fields.All(field => Find(schema, field.SourceId) is { } source && Fits(source.Type, field.Transform)))
            return current.Spec;
        return current.Specs.FirstOrDefault(spec => !spec.IsPartitioned) ?? new PartitionSpec(current.Specs.Max(spec => spec.Id) + 1, []);
    }

    /// <summary>The type of a field's values, null when the schema has no such column.</summary>
    public static LakeType? ResultType(SpecField field, LakeSchema schema) => field.Transform switch
    {
        _ when Find(schema, field.SourceId) is null => null,
        SpecTransform.Identity => Find(schema, field.SourceId)!.Type,
        SpecTransform.Day => new PrimitiveType("date"),
        _ => new PrimitiveType("int"),
    };

    /// <summary>A transform's name in the specification.</summary>
    public static string ToText(SpecTransform transform) => transform switch
    {
        SpecTransform.Identity => "identity",
        SpecTransform.Year => "year",
        SpecTransform.Month => "month",
        SpecTransform.Day => "day",
        SpecTransform.Hour => "hour",
        _ => throw new ArgumentOutOfRangeException(nameof(transform), transform, null),
    };

    public static SpecTransform Parse(string text) => text switch
    {
        "identity" => SpecTransform.Identity,
        "year" => SpecTransform.Year,
        "month" => SpecTransform.Month,
        "day" => SpecTransform.Day,
        "hour" => SpecTransform.Hour,
        _ => throw new InvalidDataException($"unknown partition transform {text}"),
    };

    private static bool Fits(LakeType type, SpecTransform transform) => transform switch
    {
        SpecTransform.Identity => type is PrimitiveType or DecimalType,
        SpecTransform.Hour => type is PrimitiveType { Name: var name } && Times.Contains(name),
        _ => type is PrimitiveType { Name: var name } && Dates.Contains(name),
    };

    private static Failure NotPartitionable(LakeField source, SpecTransform transform) => Failure.Invalid(
        $"partition_by: column {LakeTypeText.Quote(source.Name)} is {LakeTypeText.ToSql(source.Type)}, which can't be partitioned by {ToText(transform)}");

    private static LakeField? Find(LakeSchema schema, int id) => schema.Fields.FirstOrDefault(field => field.Id == id);
}

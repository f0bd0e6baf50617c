namespace Rat.Torture.Model;

/// <summary>The kinds of values that the model knows.</summary>
internal enum CellKind
{
    Bool,
    Int,
    Long,
    Float,
    Double,
    Decimal,
    Date,
    Timestamp,
    TimestampTz,
    Text,
    Struct,
    List,
}

/// <summary>
/// A column's type. Its values are boxed: <see cref="bool"/>; <see cref="long"/> for both integers, for dates in days and for timestamps in
/// microseconds since 1970; <see cref="double"/> for both floating points; <see cref="decimal"/>; <see cref="string"/>; an array of objects
/// for a struct, in the order of its fields, and for a list. Null is NULL.
/// </summary>
internal sealed record CellType(CellKind Kind, int Precision = 0, int Scale = 0)
{
    public static readonly CellType Bool = new(CellKind.Bool);
    public static readonly CellType Int = new(CellKind.Int);
    public static readonly CellType Long = new(CellKind.Long);
    public static readonly CellType Float = new(CellKind.Float);
    public static readonly CellType Double = new(CellKind.Double);
    public static readonly CellType Date = new(CellKind.Date);
    public static readonly CellType Timestamp = new(CellKind.Timestamp);
    public static readonly CellType TimestampTz = new(CellKind.TimestampTz);
    public static readonly CellType Text = new(CellKind.Text);

    /// <summary>Of a struct.</summary>
    public IReadOnlyList<Column> Fields { get; init; } = [];

    /// <summary>Of a list.</summary>
    public CellType? Element { get; init; }

    public bool IsNested => Kind is CellKind.Struct or CellKind.List;

    /// <summary>As DuckDB writes it, names always in quotes.</summary>
    public string Sql => Kind switch
    {
        CellKind.Bool => "BOOLEAN",
        CellKind.Int => "INTEGER",
        CellKind.Long => "BIGINT",
        CellKind.Float => "FLOAT",
        CellKind.Double => "DOUBLE",
        CellKind.Decimal => $"DECIMAL({Precision},{Scale})",
        CellKind.Date => "DATE",
        CellKind.Timestamp => "TIMESTAMP",
        CellKind.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        CellKind.Text => "VARCHAR",
        CellKind.Struct => $"STRUCT({string.Join(", ", Fields.Select(one => $"{CellSql.Name(one.Name)} {one.Type.Sql}"))})",
        _ => $"{Element!.Sql}[]",
    };

    public static CellType Decimal(int precision, int scale) => new(CellKind.Decimal, precision, scale);

    public static CellType Struct(params IReadOnlyList<Column> fields) => new(CellKind.Struct) { Fields = fields };

    public static CellType List(CellType element) => new(CellKind.List) { Element = element };

    // Lists of fields have no equality of their own.
    public bool Equals(CellType? other) => other is not null && Sql == other.Sql;

    public override int GetHashCode() => Sql.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Sql;
}

/// <summary>A column, or a field of a struct.</summary>
internal sealed record Column(string Name, CellType Type)
{
    public bool IsCalled(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{CellSql.Name(Name)} {Type.Sql}";
}

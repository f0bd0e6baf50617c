using Rat.Engine.Duck.Types;

namespace Rat.Engine.Duck;

/// <summary>A type of DuckDB.</summary>
internal sealed record DuckType(DuckTypeKind Kind)
{
    public static DuckType Varchar { get; } = new(DuckTypeKind.Varchar);

    /// <summary>Digits of a DECIMAL.</summary>
    public int Width { get; init; }

    /// <summary>Digits behind the point of a DECIMAL.</summary>
    public int Scale { get; init; }

    /// <summary>Size of an ARRAY.</summary>
    public long ArraySize { get; init; }

    /// <summary>Name that was given to the type, for example <c>JSON</c>.</summary>
    public string? Alias { get; init; }

    /// <summary>Coordinate reference system of a GEOMETRY.</summary>
    public string? ReferenceSystem { get; init; }

    /// <summary>Fields of a STRUCT (names are empty when it was made by <c>row()</c>), members of a UNION, <c>key</c> and <c>value</c> of a MAP,
    /// <c>element</c> of a LIST or ARRAY.</summary>
    public IReadOnlyList<DuckField> Fields { get; init; } = [];

    /// <summary>Values of an ENUM, in order.</summary>
    public IReadOnlyList<string> EnumValues { get; init; } = [];

    /// <summary>True for what <c>row()</c> makes: a STRUCT whose fields have positions only.</summary>
    public bool IsUnnamedStruct => Kind == DuckTypeKind.Struct && Fields.Count > 0 && Fields[0].Name.Length == 0;

    /// <summary>The type's text as DuckDB prints it, for example <c>STRUCT(a INTEGER, b VARCHAR[])</c>.</summary>
    public string Name => DuckTypeName.Of(this);
}

/// <summary>A named part of a nested type.</summary>
internal sealed record DuckField(string Name, DuckType Type);

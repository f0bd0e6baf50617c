using System.Text.RegularExpressions;

namespace Rat.Engine.Duck.Types;

/// <summary>Prints types as <c>typeof()</c> and <c>DESCRIBE</c> do.</summary>
internal static partial class DuckTypeName
{
    public static string Of(DuckType type) => type.Alias ?? type.Kind switch
    {
        DuckTypeKind.Decimal => $"DECIMAL({type.Width},{type.Scale})",
        DuckTypeKind.Enum => $"ENUM({string.Join(", ", type.EnumValues.Select(DuckQuote.Literal))})",
        DuckTypeKind.List => $"{Of(type.Fields[0].Type)}[]",
        DuckTypeKind.Array => $"{Of(type.Fields[0].Type)}[{type.ArraySize}]",
        DuckTypeKind.Map => $"MAP({Of(type.Fields[0].Type)}, {Of(type.Fields[1].Type)})",
        DuckTypeKind.Struct when type.IsUnnamedStruct => $"STRUCT({string.Join(", ", type.Fields.Select(field => Of(field.Type)))})",
        DuckTypeKind.Struct => $"STRUCT({Print(type.Fields)})",
        DuckTypeKind.Union => $"UNION({Print(type.Fields)})",
        DuckTypeKind.Geometry when type.ReferenceSystem is { } system => $"GEOMETRY({DuckQuote.Literal(system)})",
        DuckTypeKind.TimestampS => "TIMESTAMP_S",
        DuckTypeKind.TimestampMs => "TIMESTAMP_MS",
        DuckTypeKind.TimestampNs => "TIMESTAMP_NS",
        DuckTypeKind.TimestampTz => "TIMESTAMP WITH TIME ZONE",
        DuckTypeKind.TimeTz => "TIME WITH TIME ZONE",
        DuckTypeKind.TimeNs => "TIME_NS",
        DuckTypeKind.SqlNull => "\"NULL\"",
        DuckTypeKind.Invalid => "UNKNOWN",
        _ => type.Kind.ToString().ToUpperInvariant(),
    };

    /// <summary>The name of a struct's field in its type's text: in quotes only where it needs them.</summary>
    public static string FieldName(string name) => PlainName.IsMatch(name) && !DuckKeywords.Contains(name) ? name : DuckQuote.Identifier(name);

    private static string Print(IEnumerable<DuckField> fields) =>
        string.Join(", ", fields.Select(field => $"{FieldName(field.Name)} {Of(field.Type)}"));

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainName { get; }
}

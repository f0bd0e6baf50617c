using System.Globalization;
using System.Text;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck;

/// <summary>A user's statement with its columns cast to the types that tables are stored with: what Parquet or Arrow lack is changed as it is
/// there (<see cref="LakeColumns"/>), and an overflow fails instead of rounding.</summary>
internal static class PortableColumns
{
    /// <param name="sql">An admitted statement that can be wrapped.</param>
    /// <param name="columns">Those of its result, by the names that they shall have.</param>
    /// <param name="cast">The type to cast a column to; null leaves it.</param>
    /// <param name="limit">Most rows; null takes all.</param>
    public static string Select(string sql, IReadOnlyList<DuckColumn> columns, Func<DuckType, string?> cast, long? limit)
    {
        var text = new StringBuilder("SELECT ");
        foreach (var (index, column) in columns.Index())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"c{index}");
            text.Append(index == 0 ? "" : ", ").Append(cast(column.Type) is { } type ? $"CAST({name} AS {type})" : name)
                .Append(" AS ").Append(DuckQuote.Identifier(column.Name));
        }

        // By position, and on the statement's own first line: see CopyText.
        text.Append(" FROM (").Append(sql).Append("\n) AS result(")
            .AppendJoin(", ", columns.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"c{index}"))).Append(')');
        return limit is null ? text.ToString() : text.Append(CultureInfo.InvariantCulture, $" LIMIT {limit}").ToString();
    }

    /// <summary>As a table stores it.</summary>
    public static string Stored(DuckType type) => LakeColumns.SqlType(LakeColumns.Of(type));

    /// <summary>The same, with UUIDs as text.</summary>
    public static string Plain(DuckType type) => LakeColumns.SqlType(WithoutUuids(LakeColumns.Of(type)));

    private static LakeType WithoutUuids(LakeType type) => type switch
    {
        PrimitiveType { Name: "uuid" } => new PrimitiveType("string"),
        ListType list => list with { Element = WithoutUuids(list.Element) },
        MapType map => map with { Key = WithoutUuids(map.Key), Value = WithoutUuids(map.Value) },
        StructType structure => structure with { Fields = [.. structure.Fields.Select(field => field with { Type = WithoutUuids(field.Type) })] },
        _ => type,
    };
}

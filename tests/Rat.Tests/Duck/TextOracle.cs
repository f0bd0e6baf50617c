using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>
/// A second opinion on every value: DuckDB casts each leaf of a column to VARCHAR and writes the whole with <c>to_json</c>; the text of each
/// leaf is then held against the one in our JSON, by the rules of its type.
/// </summary>
internal static partial class TextOracle
{
    /// <summary>The type with VARCHAR in place of every leaf, to cast to.</summary>
    public static string Casts(DuckType type) => type.Kind switch
    {
        DuckTypeKind.List => $"{Casts(type.Fields[0].Type)}[]",
        DuckTypeKind.Array => $"{Casts(type.Fields[0].Type)}[{type.ArraySize}]",
        DuckTypeKind.Map => $"MAP({Casts(type.Fields[0].Type)}, {Casts(type.Fields[1].Type)})",
        DuckTypeKind.Struct => $"STRUCT({string.Join(", ", type.Fields.Select(field => $"{DuckQuote.Identifier(field.Name)} {Casts(field.Type)}"))})",
        _ => "VARCHAR",
    };

    /// <param name="theirs">DuckDB's <c>to_json</c> after the casts.</param>
    public static bool Agree(DuckType type, JsonNode? ours, JsonNode? theirs)
    {
        if (ours is null || theirs is null)
            return ours is null && theirs is null;
        return type.Kind switch
        {
            DuckTypeKind.List or DuckTypeKind.Array => AgreeOnAll(ours.AsArray(), theirs.AsArray(), (a, b) => Agree(type.Fields[0].Type, a, b)),
            DuckTypeKind.Struct => ours.AsObject().Count == type.Fields.Count
                && type.Fields.All(field => Agree(field.Type, ours[field.Name], theirs[field.Name])),
            DuckTypeKind.Map when type.Fields[0].Type.Kind == DuckTypeKind.Varchar => AgreeOnAll(
                ours.AsObject(), theirs.AsObject(), (a, b) => a.Key == b.Key && Agree(type.Fields[1].Type, a.Value, b.Value)),
            DuckTypeKind.Map => AgreeOnAll(
                ours.AsArray(), theirs.AsObject(),
                (a, b) => Agree(type.Fields[0].Type, a!["key"], JsonValue.Create(b.Key)) && Agree(type.Fields[1].Type, a["value"], b.Value)),
            // Both are the shortest form, but of different taste.
            DuckTypeKind.Double when ours.GetValueKind() == JsonValueKind.Number =>
                ours.GetValue<double>() == double.Parse(theirs.GetValue<string>(), CultureInfo.InvariantCulture),
            DuckTypeKind.Float when ours.GetValueKind() == JsonValueKind.Number =>
                ours.GetValue<float>() == float.Parse(theirs.GetValue<string>(), CultureInfo.InvariantCulture),
            _ => ours.ToJsonString() == JsonNode.Parse(Leaf(type, theirs.GetValue<string>()))!.ToJsonString(),
        };
    }

    private static bool AgreeOnAll<TOurs, TTheirs>(IEnumerable<TOurs> ours, IEnumerable<TTheirs> theirs, Func<TOurs, TTheirs, bool> agree) =>
        ours.Count() == theirs.Count() && ours.Zip(theirs, agree).All(agrees => agrees);

    /// <summary>The JSON that the contract asks for, made from DuckDB's text.</summary>
    private static string Leaf(DuckType type, string text) => type.Kind switch
    {
        DuckTypeKind.Boolean => text,
        >= DuckTypeKind.TinyInt and <= DuckTypeKind.UBigInt or DuckTypeKind.HugeInt or DuckTypeKind.UHugeInt =>
            BigInteger.Abs(BigInteger.Parse(text, CultureInfo.InvariantCulture)) <= 9007199254740991 ? text : Quote(text),
        DuckTypeKind.Float or DuckTypeKind.Double => text switch
        {
            "nan" => Quote("NaN"),
            "inf" => Quote("Infinity"),
            _ => Quote("-Infinity"),
        },
        DuckTypeKind.Decimal => text.Replace(".", "", StringComparison.Ordinal).Trim('-', '0').Length > 15 ? Quote(text) : text,
        DuckTypeKind.Blob => Quote(Convert.ToBase64String(Bytes(text))),
        DuckTypeKind.Timestamp or DuckTypeKind.TimestampTz or DuckTypeKind.TimestampS or DuckTypeKind.TimestampMs or DuckTypeKind.TimestampNs =>
            Quote(PlainTimestamp.IsMatch(text) ? PlainTimestamp.Replace(text, "$1T$2Z") : text),
        _ => Quote(text),
    };

    private static string Quote(string text) => JsonSerializer.Serialize(text);

    /// <summary>DuckDB writes a blob as ASCII with <c>\xNN</c> for the rest.</summary>
    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(
        HexEscape.Replace(text, match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString()));

    [GeneratedRegex(@"\A(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?\z")]
    private static partial Regex PlainTimestamp { get; }

    [GeneratedRegex(@"\\x([0-9A-F]{2})")]
    private static partial Regex HexEscape { get; }
}

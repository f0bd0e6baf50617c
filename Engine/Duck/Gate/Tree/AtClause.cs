using System.Text.Json;
using Rat.Engine.History;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary><c>AT (TIMESTAMP => …)</c> and <c>AT (VERSION => …)</c> behind a table.</summary>
internal static class AtClause
{
    private static readonly Failure NoLiteral = Failure.Invalid(
        "AT takes a literal: AT (TIMESTAMP => '2026-01-31 12:00:00') or AT (VERSION => id of a snapshot)");

    /// <summary>Null when there is none. The value is a constant, or casts of one.</summary>
    public static Outcome<PointInTime?> Read(JsonElement clause)
    {
        if (clause.ValueKind == JsonValueKind.Null)
            return (PointInTime?)null;
        var expression = clause.GetProperty("expr"u8);
        while (expression.GetProperty("class"u8).ValueEquals("CAST"u8))
            expression = expression.GetProperty("child"u8);
        if (!expression.GetProperty("class"u8).ValueEquals("CONSTANT"u8) || !expression.GetProperty("value"u8).TryGetProperty("value"u8, out var value))
            return NoLiteral;
        var isVersion = clause.GetProperty("unit"u8).ValueEquals("VERSION"u8);
        var point = value.ValueKind switch
        {
            JsonValueKind.String when isVersion => PointInTime.ParseVersion(value.GetString()!),
            JsonValueKind.String => PointInTime.ParseTime(value.GetString()!),
            // Integers; those beyond 64 bits are objects in the tree.
            JsonValueKind.Number when isVersion => PointInTime.ParseVersion(value.GetRawText()),
            _ => NoLiteral,
        };
        return point.Succeeded ? point.Value : point.Failure;
    }
}

using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Field ids: never used twice, kept by what stays the same column.</summary>
public class SchemaAssignmentTests
{
    [Fact]
    public void A_new_table_numbers_its_columns_and_what_is_in_them()
    {
        var schema = SchemaAssignment.Replace(null, Columns(
            ("id", Int), ("st", Struct(("a", Int), ("b", List(Text)))), ("m", Map(Text, Struct(("x", Long))))));

        Assert.Equal("0: id#1 int, st#2 {a#3 int, b#4 [#5 string]}, m#6 (#7 string, #8 {x#9 long})", Describe(schema));
    }

    private static readonly Dictionary<string, (NewColumn[] Columns, string Expected)> Replacements = new()
    {
        ["the same columns are the same schema"] = (Columns(("id", Int), ("st", Struct(("a", Int), ("b", Text))), ("li", List(Int))),
            "3: id#1 int, st#2 {a#3 int, b#4 string}, li#5 [#6 int]"),
        ["another order"] = (Columns(("li", List(Int)), ("id", Int)), "4: li#5 [#6 int], id#1 int"),
        ["another case is the result's spelling"] = (Columns(("ID", Int)), "4: ID#1 int"),
        ["another type is another column"] = (Columns(("id", Long)), "4: id#21 long"),
        ["a new column never gets the id of one that was dropped"] = (Columns(("id", Int), ("fresh", Int)), "4: id#1 int, fresh#21 int"),
        ["fields inside a struct likewise"] = (Columns(("st", Struct(("b", Text), ("a", Long), ("c", Int)))), "4: st#2 {b#4 string, a#21 long, c#22 int}"),
        ["another element is another list"] = (Columns(("li", List(Text))), "4: li#21 [#22 string]"),
        ["a struct in place of a list"] = (Columns(("li", Struct(("x", Int)))), "4: li#21 {x#22 int}"),
    };

    public static TheoryData<string> ReplacementRules => [.. Replacements.Keys];

    [Theory]
    [MemberData(nameof(ReplacementRules))]
    public void Replacing_keeps_the_id_of_what_keeps_name_and_type(string rule)
    {
        var (columns, expected) = Replacements[rule];
        var current = Table(3, [
            new(1, "id", Int), new(2, "st", new StructType([new(3, "a", Int), new(4, "b", Text)])), new(5, "li", new ListType(6, Int))]);

        Assert.Equal(expected, Describe(SchemaAssignment.Replace(current, columns)));
    }

    private static readonly Dictionary<string, (NewColumn[] Columns, string Expected)> Additions = new()
    {
        ["the same"] = (Columns(("id", Int), ("amount", Decimal(9, 2)), ("st", Struct(("a", Int)))), "3: id#1 int, Amount#2 decimal(9, 2), st#3 {a#4 int}"),
        ["order and case are the table's"] = (Columns(("st", Struct(("A", Int))), ("AMOUNT", Decimal(9, 2)), ("ID", Int)),
            "3: id#1 int, Amount#2 decimal(9, 2), st#3 {a#4 int}"),
        ["a missing column stays"] = (Columns(("id", Int)), "3: id#1 int, Amount#2 decimal(9, 2), st#3 {a#4 int}"),
        ["a new column comes last"] = (Columns(("New", List(Int)), ("id", Int)), "4: id#1 int, Amount#2 decimal(9, 2), st#3 {a#4 int}, New#21 [#22 int]"),
        ["int widens to long"] = (Columns(("id", Long)), "4: id#1 long, Amount#2 decimal(9, 2), st#3 {a#4 int}"),
        ["decimal widens"] = (Columns(("amount", Decimal(12, 2))), "4: id#1 int, Amount#2 decimal(12, 2), st#3 {a#4 int}"),
        ["a narrower decimal is cast"] = (Columns(("amount", Decimal(5, 1))), "3: id#1 int, Amount#2 decimal(9, 2), st#3 {a#4 int}"),
        ["fields inside a struct likewise"] = (Columns(("st", Struct(("b", Text), ("A", Long)))),
            "4: id#1 int, Amount#2 decimal(9, 2), st#3 {a#4 long, b#21 string}"),
    };

    public static TheoryData<string> AdditionRules => [.. Additions.Keys];

    [Theory]
    [MemberData(nameof(AdditionRules))]
    public void Appending_keeps_the_tables_columns(string rule)
    {
        var (columns, expected) = Additions[rule];
        var current = Table(3, [
            new(1, "id", Int), new(2, "Amount", Decimal(9, 2)), new(3, "st", new StructType([new(4, "a", Int)]))]);

        var schema = SchemaAssignment.Append(current, columns).Value;

        Assert.Equal(expected, Describe(schema));
    }

    private static readonly (LakeType Table, LakeType Batch, string? Expected)[] Unions =
    [
        (Int, Long, "long"),
        (Long, Int, "long"),
        (Float32, Float64, "double"),
        (Float64, Float32, "double"),
        (Float64, Int, "double"),
        (Decimal(9, 2), Decimal(18, 2), "decimal(18, 2)"),
        (Decimal(18, 4), Decimal(9, 2), "decimal(18, 4)"),
        (Decimal(12, 2), Int, "decimal(12, 2)"),
        (Timestamp, Date, "timestamp"),
        (Decimal(9, 2), Decimal(9, 4), null),
        (Decimal(11, 2), Int, null),
        (Int, Float64, null),
        (Long, Float64, null),
        (Float64, Long, null),
        (Int, Text, null),
        (Text, Int, null),
        (Date, Timestamp, null),
        (Timestamp, TimestampTz, null),
        (List(Int), List(Text), null),
        (Struct(("a", Int)), Struct(("a", Text)), null),
        (List(Int), Int, null),
        (Map(Text, Int), Map(Long, Int), null),
        (List(Int), List(Long), "[#0 long]"),
        (Map(Long, Int), Map(Int, Long), "(#0 long, #0 long)"),
    ];

    public static TheoryData<string> UnionRules => [.. Unions.Select(union => Rule(union.Table, union.Batch))];

    [Theory]
    [MemberData(nameof(UnionRules))]
    public void Appending_takes_what_fits_without_loss(string rule)
    {
        var (table, batch, expected) = Unions.Single(union => Rule(union.Table, union.Batch) == rule);

        var outcome = SchemaAssignment.Append(Table(0, [new(1, "Amount", table)]), Columns(("amount", batch)));

        if (expected is null)
        {
            Assert.Equal(FailureKind.Invalid, outcome.Failure!.Kind);
            Assert.Contains("\"Amount\"", outcome.Failure.Message, StringComparison.Ordinal);
            Assert.Contains(LakeTypeText.ToSql(table), outcome.Failure.Message, StringComparison.Ordinal);
            Assert.Contains(LakeTypeText.ToSql(batch), outcome.Failure.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, Describe(Assert.Single(outcome.Value.Fields).Type));
    }

    [Fact]
    public void A_batch_with_one_name_twice_is_refused()
    {
        var outcome = SchemaAssignment.Append(Table(0, [new(1, "id", Int)]), Columns(("x", Int), ("X", Int)));

        Assert.Equal(FailureKind.Invalid, outcome.Failure!.Kind);
    }

    [Fact]
    public void A_schema_survives_its_json()
    {
        var schema = SchemaAssignment.Replace(null, Columns(
            ("we\"ird ö", Decimal(38, 3)), ("st", Struct(("a b", Uuid), ("m", Map(Date, List(Binary)))))));

        Assert.Equal(Describe(schema), Describe(SchemaJson.Parse(SchemaJson.ToText(schema))));
    }

    private static string Rule(LakeType table, LakeType batch) => $"{LakeTypeText.ToSql(table)} + {LakeTypeText.ToSql(batch)}";

    // A table whose ids up to 20 were used once.
    private static TableState Table(int schemaId, LakeField[] fields) =>
        new(new TableName("default", "silver", "t"), "id", "l", "m", 1, new LakeSchema(schemaId, fields), [], 0, 0)
        {
            LastColumnId = 20,
            LastSchemaId = schemaId,
        };

    private static string Describe(LakeSchema schema) => $"{schema.Id}: {Describe(schema.Fields)}";

    private static string Describe(IReadOnlyList<LakeField> fields) =>
        string.Join(", ", fields.Select(field => $"{field.Name}#{field.Id} {Describe(field.Type)}"));

    private static string Describe(LakeType type) => type switch
    {
        StructType structure => $"{{{Describe(structure.Fields)}}}",
        ListType list => $"[#{list.ElementId} {Describe(list.Element)}]",
        MapType map => $"(#{map.KeyId} {Describe(map.Key)}, #{map.ValueId} {Describe(map.Value)})",
        _ => LakeTypeText.ToIceberg(type),
    };
}

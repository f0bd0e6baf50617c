using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Storage.Lake.Avro;

/// <summary>
/// The struct <c>partition</c> (102) of a manifest's entries: its fields, their types and its values (Iceberg specification, "Manifests", and
/// Appendix A, "Avro" for the form of types).
/// </summary>
internal sealed class AvroPartition
{
    private readonly List<(SpecField Field, LakeType Type)> _fields;

    /// <param name="schemas">Searched in this order for the columns that the spec's fields are made of.</param>
    public AvroPartition(PartitionSpec spec, params ReadOnlySpan<LakeSchema> schemas)
    {
        _fields = [];
        foreach (var field in spec.Fields)
            _fields.Add((field, TypeOf(field, schemas)));
    }

    /// <summary>JSON of the Avro fields, without brackets.</summary>
    public string SchemaFields => string.Join(',', _fields.Select(SchemaField));

    /// <summary>Encodes a tuple. Values of a type that was promoted since are widened.</summary>
    public void Write(AvroEncoder records, PartitionTuple tuple)
    {
        foreach (var ((_, type), value) in _fields.Zip(tuple.Values))
        {
            if (value is null)
            {
                records.Null();
                continue;
            }

            records.NotNull();
            PartitionValue.Write(records, type, value);
        }
    }

    /// <summary>Field 507 of a manifest list's entry: what the tuples of a manifest have in common.</summary>
    public byte[] Summarize(IEnumerable<PartitionTuple> tuples)
    {
        var records = new AvroEncoder();
        records.NotNull();
        if (_fields.Count > 0)
        {
            var all = tuples.ToList();
            records.Long(_fields.Count);
            for (var index = 0; index < _fields.Count; index++)
                Summarize(records, _fields[index].Type, [.. all.Select(tuple => tuple.Values[index])]);
        }

        records.Long(0);
        return records.Written.ToArray();
    }

    private static void Summarize(AvroEncoder records, LakeType type, IReadOnlyList<byte[]?> values)
    {
        var present = values.OfType<byte[]>().Select(value => PartitionValue.Promote(type, value)).ToList();
        var numbers = present.Where(value => !PartitionValue.IsNan(type, value)).ToList();
        records.Boolean(present.Count < values.Count);
        records.NotNull();
        records.Boolean(numbers.Count < present.Count);
        var order = Comparer<byte[]>.Create((one, other) => BoundOrder.Compare(type, one, other));
        records.OptionalBytes(numbers.Min(order));
        records.OptionalBytes(numbers.Max(order));
    }

    private static LakeType TypeOf(SpecField field, ReadOnlySpan<LakeSchema> schemas)
    {
        foreach (var schema in schemas)
        {
            if (PartitionSpecs.ResultType(field, schema) is { } type)
                return type;
        }

        throw new InvalidDataException($"no schema has the column {field.SourceId}, which the table was partitioned by");
    }

    private static string SchemaField((SpecField Field, LakeType Type) part)
    {
        var name = AvroName(part.Field.Name);
        var original = name == part.Field.Name ? "" : $"\"iceberg-field-name\":{JsonValue.Create(part.Field.Name).ToJsonString()},";
        var id = part.Field.FieldId.ToString(CultureInfo.InvariantCulture);
        return $$"""{"name":"{{name}}",{{original}}"type":["null",{{PartitionValue.AvroType(part.Type, id)}}],"default":null,"field-id":{{id}}}""";
    }

    // Names of Avro are letters, digits and underscores of ASCII; what isn't stands as its number.
    private static string AvroName(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsAsciiLetter(letter) || letter == '_' || (char.IsAsciiDigit(letter) && text.Length > 0))
                text.Append(letter);
            else
                text.Append(CultureInfo.InvariantCulture, $"_x{(int)letter:X}");
        }

        return text.ToString();
    }
}

namespace Rat.Engine.Duck.Arrow;

/// <summary>
/// The messages of an Arrow stream as FlatBuffers. The numbers are positions and values of Schema.fbs and Message.fbs of the format
/// (https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc).
/// </summary>
internal static class ArrowMessages
{
    private const int MetadataVersion5 = 4;
    private const int SchemaHeader = 1;
    private const int RecordBatchHeader = 3;

    private const int Microsecond = 2;

    public static ReadOnlyMemory<byte> Schema(IReadOnlyList<DuckColumn> columns) => Message(
        SchemaHeader,
        new FlatTable().With(1, new FlatTables([.. columns.Select(column => Field(column.Name, column.VectorType, isNullable: true))])),
        bodyLength: 0);

    /// <param name="nodes">Length and null count of each column and part of a column, depth first.</param>
    /// <param name="buffers">Offset and length in the body.</param>
    public static ReadOnlyMemory<byte> RecordBatch(
        long rows, IReadOnlyList<(long Length, long NullCount)> nodes, IReadOnlyList<(long Offset, long Length)> buffers, long bodyLength) => Message(
        RecordBatchHeader,
        new FlatTable().With(0, sizeof(long), rows).With(1, new FlatPairs(nodes)).With(2, new FlatPairs(buffers)),
        bodyLength);

    /// <summary>The fields of an entry of a map, which Arrow makes a struct.</summary>
    public static DuckType EntryOf(DuckType map) => new(DuckTypeKind.Struct) { Fields = map.Fields };

    private static ReadOnlyMemory<byte> Message(int headerType, FlatTable header, long bodyLength) => FlatBuffer.Write(
        new FlatTable().With(0, sizeof(short), MetadataVersion5).With(1, sizeof(byte), headerType).With(2, header).With(3, sizeof(long), bodyLength));

    private static FlatTable Field(string name, DuckType type, bool isNullable)
    {
        var (id, definition) = TypeOf(type);
        var field = new FlatTable().With(0, new FlatText(name)).With(1, sizeof(byte), isNullable ? 1 : 0)
            .With(2, sizeof(byte), id).With(3, definition);
        return field.With(5, new FlatTables([.. Children(type)]));
    }

    private static IEnumerable<FlatTable> Children(DuckType type) => type.Kind switch
    {
        DuckTypeKind.List => [Field("item", type.Fields[0].Type, isNullable: true)],
        // Neither an entry of a map nor its key is ever null.
        DuckTypeKind.Map => [EntryField(type)],
        DuckTypeKind.Struct => type.Fields.Select(field => Field(field.Name, field.Type, isNullable: true)),
        _ => [],
    };

    private static FlatTable EntryField(DuckType map)
    {
        var (id, definition) = TypeOf(EntryOf(map));
        return new FlatTable().With(0, new FlatText("entries")).With(1, sizeof(byte), 0).With(2, sizeof(byte), id).With(3, definition)
            .With(5, new FlatTables([Field("key", map.Fields[0].Type, isNullable: false), Field("value", map.Fields[1].Type, isNullable: true)]));
    }

    /// <summary>Number of the type in the union Type, and its table.</summary>
    private static (int Id, FlatTable Definition) TypeOf(DuckType type) => type.Kind switch
    {
        DuckTypeKind.Integer => (2, Int(32)),
        DuckTypeKind.BigInt => (2, Int(64)),
        DuckTypeKind.Float => (3, new FlatTable().With(0, sizeof(short), 1)),
        DuckTypeKind.Double => (3, new FlatTable().With(0, sizeof(short), 2)),
        DuckTypeKind.Blob => (4, new FlatTable()),
        DuckTypeKind.Varchar => (5, new FlatTable()),
        DuckTypeKind.Boolean => (6, new FlatTable()),
        DuckTypeKind.Decimal => (7, new FlatTable().With(0, sizeof(int), type.Width).With(1, sizeof(int), type.Scale).With(2, sizeof(int), 128)),
        DuckTypeKind.Date => (8, new FlatTable().With(0, sizeof(short), 0)), // days
        DuckTypeKind.Time => (9, new FlatTable().With(0, sizeof(short), Microsecond).With(1, sizeof(int), 64)),
        DuckTypeKind.Timestamp => (10, new FlatTable().With(0, sizeof(short), Microsecond)),
        DuckTypeKind.TimestampTz => (10, new FlatTable().With(0, sizeof(short), Microsecond).With(1, new FlatText("UTC"))),
        DuckTypeKind.List => (12, new FlatTable()),
        DuckTypeKind.Struct => (13, new FlatTable()),
        DuckTypeKind.Map => (17, new FlatTable().With(0, sizeof(byte), 0)),
        _ => throw new InvalidOperationException($"{type.Name} is not written as Arrow"),
    };

    private static FlatTable Int(int bits) => new FlatTable().With(0, sizeof(int), bits).With(1, sizeof(byte), 1);
}

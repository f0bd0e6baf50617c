namespace Rat.Storage.Lake.Avro;

/// <summary>Partition tuples as SQLite keeps them: their values one after the other, each <c>["null", "bytes"]</c>.</summary>
internal static class StoredTuple
{
    /// <summary>Null for a tuple without values.</summary>
    public static byte[]? Encode(PartitionTuple tuple)
    {
        if (tuple.Values.Count == 0)
            return null;
        var encoder = new AvroEncoder();
        encoder.Long(tuple.Values.Count);
        foreach (var value in tuple.Values)
            encoder.OptionalBytes(value);
        return encoder.Written.ToArray();
    }

    public static PartitionTuple Decode(int specId, byte[]? encoded)
    {
        if (encoded is null)
            return specId == 0 ? PartitionTuple.None : new PartitionTuple(specId, []);
        var decoder = new AvroDecoder(encoded);
        var values = new byte[]?[decoder.Long()];
        for (var index = 0; index < values.Length; index++)
            values[index] = decoder.Long() == 0 ? null : decoder.Bytes().ToArray();
        return new PartitionTuple(specId, values);
    }
}

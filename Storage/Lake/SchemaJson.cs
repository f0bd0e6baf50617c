namespace Rat.Storage.Lake;

/// <summary>Schemas as JSON (Iceberg specification, Appendix C, "Schemas").</summary>
internal static class SchemaJson
{
    /// <summary>For the Parquet key <c>iceberg.schema</c> of every data file.</summary>
    public static string ToText(LakeSchema schema) => throw new NotImplementedException();
}

using System.Globalization;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Interop;

namespace Rat.Engine.Duck;

/// <summary>What a finished statement cost.</summary>
/// <param name="CpuTime">Over all threads.</param>
/// <param name="RowsReturned">Rows of the result.</param>
internal sealed record DuckProfile(TimeSpan Latency, TimeSpan CpuTime, long RowsReturned)
{
    /// <summary>The metrics that DuckDB is told to take, and no others: some of the rest are wrong (bytes read and written), all cost time.</summary>
    public const string Settings = """{"LATENCY": "true", "CPU_TIME": "true", "ROWS_RETURNED": "true"}""";

    /// <summary>Null when the connection doesn't profile.</summary>
    public static DuckProfile? Of(DuckDBNativeConnection connection)
    {
        var root = Profiling.Root(connection);
        return root == 0
            ? null
            : new DuckProfile(
                TimeSpan.FromSeconds(Metric(root, "LATENCY")), TimeSpan.FromSeconds(Metric(root, "CPU_TIME")), (long)Metric(root, "ROWS_RETURNED"));
    }

    private static double Metric(nint root, string name)
    {
        using var value = Profiling.Metric(root, name);
        return !value.IsInvalid && double.TryParse(NativeMethods.Value.DuckDBGetVarchar(value), CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
    }
}

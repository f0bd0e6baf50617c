using System.Globalization;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Interop;

namespace Rat.Engine.Duck;

/// <summary>What a finished statement cost.</summary>
/// <param name="CpuTime">Over all threads.</param>
/// <param name="Rows">Of the result, as far as it was read.</param>
internal sealed record DuckProfile(TimeSpan Latency, TimeSpan CpuTime, long Rows)
{
    /// <summary>The metrics that DuckDB is told to take, and no others: some are wrong (bytes read and written, rows of a streamed result), all
    /// cost time.</summary>
    public const string Settings = """{"LATENCY": "true", "CPU_TIME": "true"}""";

    /// <summary>Null when the connection doesn't profile.</summary>
    public static DuckProfile? Of(DuckDBNativeConnection connection, long rows)
    {
        var root = Profiling.Root(connection);
        return root == 0
            ? null
            : new DuckProfile(TimeSpan.FromSeconds(Metric(root, "LATENCY")), TimeSpan.FromSeconds(Metric(root, "CPU_TIME")), rows);
    }

    private static double Metric(nint root, string name)
    {
        using var value = Profiling.Metric(root, name);
        return !value.IsInvalid && double.TryParse(NativeMethods.Value.DuckDBGetVarchar(value), CultureInfo.InvariantCulture, out var number)
            ? number
            : 0;
    }
}

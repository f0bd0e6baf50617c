using System.Globalization;
using System.Text;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Interop;

namespace Rat.Engine.Duck;

/// <summary>What one operator of a finished statement did. Times are over all threads, so that they can sum up to more than has passed.</summary>
internal sealed record OperatorProfile(string Name, long Rows, TimeSpan Time, IReadOnlyList<OperatorProfile> Children)
{
    /// <summary>The metrics that DuckDB is told to take.</summary>
    public const string Settings = """
        {"LATENCY": "true", "CPU_TIME": "true", "OPERATOR_NAME": "true", "OPERATOR_TYPE": "true", "OPERATOR_CARDINALITY": "true", "OPERATOR_TIMING": "true"}
        """;

    // The trees of DuckDB's plans are no deeper than its own limit of expressions; this one ends the recursion whatever they are.
    private const int Deepest = 200;

    /// <summary>The operators of the last statement; empty when the connection doesn't profile them.</summary>
    public static IReadOnlyList<OperatorProfile> Of(DuckDBNativeConnection connection)
    {
        var root = Profiling.Root(connection);
        return root == 0 ? [] : ReadChildren(root, 0);
    }

    /// <summary>One line for each operator, what feeds it further to the right.</summary>
    public static string ToText(IReadOnlyList<OperatorProfile> operators)
    {
        var text = new StringBuilder();
        foreach (var each in operators)
            each.Append(text, 0);
        return text.ToString();
    }

    private void Append(StringBuilder text, int depth)
    {
        text.Append(' ', depth * 2)
            .Append(CultureInfo.InvariantCulture, $"{Name}: {Rows} rows, {Time.TotalMilliseconds:0.000} ms\n");
        foreach (var child in Children)
            child.Append(text, depth + 1);
    }

    private static OperatorProfile[] ReadChildren(nint node, int depth)
    {
        if (depth > Deepest)
            return [];
        var children = new OperatorProfile[(int)Profiling.ChildCount(node)];
        for (var i = 0; i < children.Length; i++)
            children[i] = Read(Profiling.Child(node, (ulong)i), depth);
        return children;
    }

    private static OperatorProfile Read(nint node, int depth) => new(
        (TextOf(node, "OPERATOR_NAME") ?? TextOf(node, "OPERATOR_TYPE") ?? "").Trim(),
        (long)Number(node, "OPERATOR_CARDINALITY"),
        TimeSpan.FromSeconds(Number(node, "OPERATOR_TIMING")),
        ReadChildren(node, depth + 1));

    private static double Number(nint node, string metric) =>
        double.TryParse(TextOf(node, metric), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? TextOf(nint node, string metric)
    {
        using var value = Profiling.Metric(node, metric);
        return value.IsInvalid ? null : NativeMethods.Value.DuckDBGetVarchar(value);
    }
}

using Rat.Engine.Duck.Types;

namespace Rat.Engine.Duck;

/// <summary>A column of a result.</summary>
/// <param name="Type">What the statement yields, and what clients are told.</param>
internal sealed record DuckColumn(string Name, DuckType Type)
{
    /// <summary>What its vectors hold: <see cref="Type"/>, or that type with VARCHAR in place of each part that vectors can't be read of
    /// (UNION, VARIANT, GEOMETRY, BIGNUM). Such parts arrive as DuckDB's own text.</summary>
    public DuckType VectorType { get; init; } = Type;

    /// <summary>The name that the statement gives it, when a column before it has that one; else null.</summary>
    public string? RepeatOf { get; init; }

    /// <summary>Columns of these names and types; a name that came before, also in other case, gets <c>_1</c>, <c>_2</c> …, as DuckDB does for
    /// a subquery.</summary>
    public static IReadOnlyList<DuckColumn> List(IReadOnlyList<string> names, IReadOnlyList<DuckType> types)
    {
        var columns = new DuckColumn[names.Count];
        var taken = new HashSet<string>(names.Count, StringComparer.OrdinalIgnoreCase);
        var repeats = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < columns.Length; i++)
        {
            var name = names[i];
            while (!taken.Add(name))
            {
                var number = repeats[names[i]] = repeats.GetValueOrDefault(names[i]) + 1;
                name = $"{names[i]}_{number}";
            }

            columns[i] = new DuckColumn(name, types[i])
            {
                VectorType = ReadableType.Of(types[i]),
                RepeatOf = name == names[i] ? null : names[i],
            };
        }

        return columns;
    }
}

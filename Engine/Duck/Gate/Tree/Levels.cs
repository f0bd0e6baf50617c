using System.Globalization;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>How deep a place of a statement lies, counted through the names of WITH.</summary>
/// <param name="All">Expressions, tables and queries.</param>
/// <param name="Subqueries">Subqueries, lambdas and <c>json -> path</c> in expressions.</param>
/// <param name="Joins">Joins.</param>
internal readonly record struct Levels(int All, int Subqueries, int Joins)
{
    /// <summary>Binding takes up to 3 kB of stack for each, and DuckDB itself doesn't stop at names of WITH that follow from each other.</summary>
    private const int MostOfAll = 300;

    /// <summary>DuckDB takes twice as long for each more, and can't be interrupted meanwhile: 20 take seconds, 30 an hour.</summary>
    private const int MostSubqueries = 12;

    /// <summary>The time that DuckDB takes to order joins grows faster than the square of their number: 80 take seconds, 200 minutes.</summary>
    private const int MostJoins = 80;

    /// <summary>What there is too much of, or null.</summary>
    public string? Excess
    {
        get
        {
            if (All > MostOfAll)
                return GateMessages.TooDeep;
            if (Subqueries > MostSubqueries)
                return string.Create(CultureInfo.InvariantCulture, $"more than {MostSubqueries} subqueries, lambdas or -> stand inside of each other");
            return Joins > MostJoins ? string.Create(CultureInfo.InvariantCulture, $"one query joins more than {MostJoins + 1} tables") : null;
        }
    }

    public static Levels operator +(Levels one, Levels other) =>
        new(one.All + other.All, one.Subqueries + other.Subqueries, one.Joins + other.Joins);

    public static Levels operator -(Levels one, Levels other) =>
        new(one.All - other.All, one.Subqueries - other.Subqueries, one.Joins - other.Joins);

    public static Levels Max(Levels one, Levels other) =>
        new(Math.Max(one.All, other.All), Math.Max(one.Subqueries, other.Subqueries), Math.Max(one.Joins, other.Joins));
}

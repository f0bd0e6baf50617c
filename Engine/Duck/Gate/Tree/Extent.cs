namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>How large the rows of a query may be.</summary>
/// <param name="Columns">How many columns.</param>
/// <param name="Size">Fields of the largest of them, nested ones counted.</param>
internal readonly record struct Extent(long Columns, long Size)
{
    private const long MostColumns = 20_000;
    private const long LargestSize = 20_000;

    // Far beyond both, and small enough to multiply.
    private const long Ceiling = 1_000_000;

    public bool IsTooMuch => Columns > MostColumns || Size > LargestSize;

    public static Extent Of(long columns, long size) => new(Math.Min(columns, Ceiling), Math.Min(size, Ceiling));

    public static Extent Beside(Extent one, Extent other) => Of(one.Columns + other.Columns, Math.Max(one.Size, other.Size));

    public static Extent Below(Extent one, Extent other) => Of(Math.Max(one.Columns, other.Columns), Math.Max(one.Size, other.Size));
}

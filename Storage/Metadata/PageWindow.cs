namespace Rat.Storage.Metadata;

/// <summary>
/// Where a page is read. What is skipped is walked over, so a page in the second half is read from the end of the list, in the opposite order,
/// and turned around.
/// </summary>
internal readonly record struct PageWindow(int Limit, long Offset, bool IsTurned)
{
    /// <param name="total">How many there are. A page past the end has a limit of 0.</param>
    public static PageWindow Of(int limit, int offset, long total)
    {
        var size = (int)Math.Clamp(total - offset, 0, limit);
        return offset > total / 2 ? new PageWindow(size, total - offset - size, IsTurned: true) : new PageWindow(size, offset, IsTurned: false);
    }

    /// <summary><c>ASC</c> or <c>DESC</c>, as the rows are read.</summary>
    public string Direction(bool isDescending) => isDescending == IsTurned ? "ASC" : "DESC";
}

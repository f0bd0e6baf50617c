using Rat.Engine.Merging.Relations;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>What happens to the files of a table some of whose rows leave it.</summary>
/// <param name="Dropped">No row of them stays.</param>
/// <param name="Rewritten">The rows that stay are written again.</param>
/// <param name="Marked">They stay, with position deletes.</param>
internal sealed record FileChoice(
    IReadOnlyList<NumberedFile> Dropped, IReadOnlyList<NumberedFile> Rewritten, IReadOnlyList<NumberedFile> Marked)
{
    // Every read of a file with deletes compares each of its rows with them; to write a file again costs as much as all of its rows, so it
    // has to be worth it. The same share at which compaction would write it again anyhow.
    private const double RewrittenShare = 0.1;

    /// <param name="outgoing">How many live rows leave each file, by its number.</param>
    /// <param name="rewriteAll">Every file is to be written again.</param>
    /// <param name="smallFileBytes">Below this a file is written again whatever the share: that costs about as much as a file of deletes.</param>
    public static FileChoice Of(
        IReadOnlyList<NumberedFile> files, IReadOnlyDictionary<int, long> outgoing, bool rewriteAll, long smallFileBytes)
    {
        List<NumberedFile> dropped = [], rewritten = [], marked = [];
        foreach (var file in files)
        {
            var leaving = outgoing.GetValueOrDefault(file.Number);
            if (leaving == file.File.LiveRows)
                dropped.Add(file);
            else if (rewriteAll || (leaving > 0 && IsRewritten(file.File, leaving, smallFileBytes)))
                rewritten.Add(file);
            else if (leaving > 0)
                marked.Add(file);
        }

        return new FileChoice(dropped, rewritten, marked);
    }

    private static bool IsRewritten(DataFile file, long leaving, long smallFileBytes) =>
        file.SizeBytes < smallFileBytes || file.RowCount - file.LiveRows + leaving >= RewrittenShare * file.RowCount;
}

using Rat.Storage.Lake;

namespace Rat.Engine.Maintenance;

/// <summary>
/// Which files of a table are worth being written again: small ones that have become many, and those with many deleted rows. Each row is
/// rewritten a number of times that grows with the logarithm of the commits, not with their number.
/// </summary>
internal static class CompactionPlan
{
    private const long TargetBytes = 64L << 20;

    // Two of these make a file that is larger than the target by no more than a half.
    private const long SmallBytes = TargetBytes * 3 / 4;

    // Up to here many small files cost a read less than it costs to put them together.
    private const int MostSmallFiles = 10;

    // A file is put together with newer ones that have at least half its size.
    private const int MostGrowth = 2;

    // Reading a file with deletes takes about twice as long; past this share it is written again.
    private const double MostDeleted = 0.1;

    // Each file of deletes is opened by every read.
    private const int MostDeleteFiles = 64;

    // What one pass writes: more of it waits for the next.
    private const long MostBytes = 1L << 30;

    /// <summary>Files of one partition each, next to each other in the table's order; each group becomes as few files as it takes.</summary>
    public static IReadOnlyList<IReadOnlyList<DataFile>> Of(IReadOnlyList<DataFile> files)
    {
        var heavy = Heavy(files);
        var groups = new List<IReadOnlyList<DataFile>>();
        var bytes = 0L;
        foreach (var partition in files.GroupBy(file => file.Partition))
        {
            foreach (var group in GroupsOf([.. partition], heavy))
            {
                if (groups.Count > 0 && bytes >= MostBytes)
                    return groups;
                groups.Add(group);
                bytes += group.Sum(file => file.SizeBytes);
            }
        }

        return groups;
    }

    private static HashSet<DataFile> Heavy(IReadOnlyList<DataFile> files)
    {
        var marked = files.Where(file => file.Deletes is not null).OrderByDescending(Deleted).ToList();
        var tooMany = Math.Max(0, marked.Count - MostDeleteFiles);
        return [.. marked.Take(tooMany), .. marked.Where(file => Deleted(file) > MostDeleted)];
    }

    private static IEnumerable<IReadOnlyList<DataFile>> GroupsOf(IReadOnlyList<DataFile> files, HashSet<DataFile> heavy)
    {
        var small = Small(files);
        var group = new List<DataFile>();
        foreach (var file in files)
        {
            if (small.Contains(file) || heavy.Contains(file))
            {
                group.Add(file);
                if (group.Sum(other => other.SizeBytes) < MostBytes)
                    continue;
            }

            if (IsWorthIt(group))
                yield return group;
            group = [];
        }

        if (IsWorthIt(group))
            yield return group;
    }

    private static HashSet<DataFile> Small(IReadOnlyList<DataFile> files)
    {
        var newestFirst = files.Where(file => file.SizeBytes < SmallBytes).Reverse().ToList();
        if (newestFirst.Count < MostSmallFiles)
            return [];
        var (count, newer) = (1, newestFirst[0].SizeBytes);
        foreach (var (index, file) in newestFirst.Index().Skip(1))
        {
            if (file.SizeBytes <= MostGrowth * newer)
                count = index + 1;
            newer += file.SizeBytes;
        }

        return [.. newestFirst.Take(count)];
    }

    // One file without deletes would only be copied.
    private static bool IsWorthIt(List<DataFile> group) => group.Count > 1 || group.Any(file => file.Deletes is not null);

    private static double Deleted(DataFile file) => 1 - ((double)file.LiveRows / file.RowCount);
}

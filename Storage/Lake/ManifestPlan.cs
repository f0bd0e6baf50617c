namespace Rat.Storage.Lake;

/// <summary>What a new snapshot does with the manifests of the one before that have one content and one spec.</summary>
/// <param name="Kept">Named again as they are.</param>
/// <param name="Rewritten">Each becomes one new manifest, with the files of those that it stands for. Oldest first; what the snapshot adds
/// goes into the last when <paramref name="AddsToLast"/>, else into one of its own.</param>
internal sealed record ManifestPlan(IReadOnlyList<Manifest> Kept, IReadOnlyList<IReadOnlyList<Manifest>> Rewritten, bool AddsToLast)
{
    // From this many on, small manifests are put together: readers open every manifest of a snapshot.
    private const int MostManifests = 30;

    // A manifest of this size has had its share of rewriting. Smaller than Iceberg's default commit.manifest.target-size-bytes, 8 MB: a commit
    // that removes one file writes the whole manifest that names it.
    private const long FullManifestBytes = 2 * 1024 * 1024;

    // A manifest is rewritten together with newer ones once these have at least half its entries: each entry is then rewritten a number of
    // times that grows with the logarithm of their count, so that a commit's cost doesn't grow with the history.
    private const int MostGrowth = 2;

    /// <summary>For a snapshot whose files lie where those of the one before do.</summary>
    /// <param name="manifests">Of the snapshot before, oldest first, ranges of sequence numbers likewise.</param>
    /// <param name="addedFiles">How many files the snapshot adds.</param>
    /// <param name="removed">Sequence numbers of the files that it removes.</param>
    public static ManifestPlan Of(IReadOnlyList<Manifest> manifests, int addedFiles, IReadOnlySet<long> removed)
    {
        var touched = manifests.Select(manifest => removed.Any(manifest.Covers)).ToArray();
        if (addedFiles > 0)
            TouchNewest(manifests, addedFiles, touched);
        Bridge(manifests, touched);
        return new ManifestPlan(
            [.. manifests.Where((_, index) => !touched[index])],
            Runs(manifests, touched),
            AddsToLast: touched is [.., true]);
    }

    /// <summary>For the first snapshot after the data directory has moved: what the manifests name isn't there any more.</summary>
    public static ManifestPlan RewriteAll(IReadOnlyList<Manifest> manifests) =>
        new([], manifests.Count == 0 ? [] : [manifests], AddsToLast: manifests.Count > 0);

    private static void TouchNewest(IReadOnlyList<Manifest> manifests, int addedFiles, bool[] touched)
    {
        var small = manifests.Reverse().TakeWhile(manifest => manifest.Length < FullManifestBytes).ToList();
        if (small.Count + 1 >= MostManifests)
            touched.AsSpan(touched.Length - CountToRewrite(small, addedFiles)).Fill(true);
    }

    // The manifests are the newest ones, newest first.
    private static int CountToRewrite(List<Manifest> manifests, int addedFiles)
    {
        var (count, newer) = (0, addedFiles);
        for (var index = 0; index < manifests.Count; index++)
        {
            if (manifests[index].LiveFiles <= MostGrowth * newer)
                count = index + 1;
            newer += manifests[index].LiveFiles;
        }

        return count;
    }

    // A manifest between two that are rewritten goes with them when that at most doubles the work: one file is synced instead of two.
    private static void Bridge(IReadOnlyList<Manifest> manifests, bool[] touched)
    {
        var last = Array.LastIndexOf(touched, true);
        var rewritten = 0;
        for (var index = Array.IndexOf(touched, true); index >= 0 && index <= last; index++)
        {
            touched[index] = touched[index] || manifests[index].LiveFiles <= rewritten;
            rewritten = touched[index] ? rewritten + manifests[index].LiveFiles : 0;
        }
    }

    private static List<IReadOnlyList<Manifest>> Runs(IReadOnlyList<Manifest> manifests, bool[] touched)
    {
        var runs = new List<IReadOnlyList<Manifest>>();
        var run = new List<Manifest>();
        foreach (var (index, manifest) in manifests.Index())
        {
            if (run.Count > 0 && (!touched[index] || run.Sum(other => other.Length) + manifest.Length > FullManifestBytes))
            {
                runs.Add(run);
                run = [];
            }

            if (touched[index])
                run.Add(manifest);
        }

        if (run.Count > 0)
            runs.Add(run);
        return runs;
    }
}

namespace Rat.Storage.Lake;

/// <summary>What a new snapshot does with the manifests of the one before.</summary>
/// <param name="Kept">Named again as they are.</param>
/// <param name="Rewritten">Their live files go into the snapshot's own manifest.</param>
internal sealed record ManifestPlan(IReadOnlyList<Manifest> Kept, IReadOnlyList<Manifest> Rewritten)
{
    // From this many on, small manifests are put together: readers open every manifest of a snapshot.
    private const int MostManifests = 30;

    // Iceberg's default commit.manifest.target-size-bytes: a manifest of this size has had its share of rewriting.
    private const long FullManifestBytes = 8 * 1024 * 1024;

    // A manifest is rewritten together with newer ones once these have at least half its entries: each entry is then rewritten a number of
    // times that grows with the logarithm of their count, so that a commit's cost doesn't grow with the history.
    private const int MostGrowth = 2;

    /// <summary>For a snapshot that replaces all files: nothing is carried over.</summary>
    public static ManifestPlan KeepNone { get; } = new([], []);

    /// <summary>For a snapshot that only adds files.</summary>
    /// <param name="manifests">Of the snapshot before, oldest first.</param>
    /// <param name="addedFiles">How many files the snapshot adds.</param>
    public static ManifestPlan Append(IReadOnlyList<Manifest> manifests, int addedFiles)
    {
        var small = manifests.Reverse().TakeWhile(manifest => manifest.Length < FullManifestBytes).ToList();
        var rewritten = small.Count + 1 >= MostManifests ? CountToRewrite(small, addedFiles) : 0;
        return new ManifestPlan([.. manifests.SkipLast(rewritten)], [.. manifests.TakeLast(rewritten)]);
    }

    /// <summary>For the first snapshot after the data directory has moved: what the manifests name isn't there any more.</summary>
    public static ManifestPlan RewriteAll(IReadOnlyList<Manifest> manifests) => new([], manifests);

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
}

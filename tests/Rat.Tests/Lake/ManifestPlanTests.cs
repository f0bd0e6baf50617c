using Rat.Storage.Lake;

namespace Rat.Tests.Lake;

/// <summary>Few manifests, and each entry rewritten few times, however long a table is appended to.</summary>
public class ManifestPlanTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Ten_thousand_appends_keep_the_manifests_few_and_the_work_small(int filesEach)
    {
        const int appends = 10_000;
        var (manifests, rewritten, most) = (new List<Manifest>(), 0L, 0);
        for (var sequence = 1; sequence <= appends; sequence++)
        {
            var plan = ManifestPlan.Of(manifests, filesEach, NothingRemoved);
            Assert.Equal(manifests, [.. plan.Kept, .. plan.Rewritten.SelectMany(run => run)]);
            var moved = plan.Rewritten.SelectMany(run => run).Sum(manifest => manifest.LiveFiles);
            rewritten += moved;
            manifests = [.. plan.Kept, New(sequence, filesEach, moved)];
            most = Math.Max(most, manifests.Count);
        }

        Assert.Equal(appends * filesEach, manifests.Sum(manifest => manifest.LiveFiles));
        Assert.InRange(most, 1, 30);
        Assert.InRange(rewritten / (double)(appends * filesEach), 0, 10);
    }

    [Fact]
    public void A_full_manifest_is_left_as_it_is()
    {
        var full = Enumerable.Range(1, 40).Select(sequence => New(sequence, 5, 0) with { Length = 9_000_000 }).ToList();
        var small = Enumerable.Range(41, 29).Select(sequence => New(sequence, 1, 0)).ToList();

        Assert.Empty(ManifestPlan.Of(full, 1, NothingRemoved).Rewritten);
        Assert.Equal(small, Assert.Single(ManifestPlan.Of([.. full, .. small], 1, NothingRemoved).Rewritten));
    }

    [Fact]
    public void Only_what_names_a_removed_file_is_written_again()
    {
        var manifests = Enumerable.Range(1, 10).Select(sequence => New(sequence, sequence == 5 ? 100 : 2, 0)).ToList();

        var plan = ManifestPlan.Of(manifests, 1, new HashSet<long> { 2, 4, 10 });

        // The third lies between two that are written anyway; the fifth is too large for that. What is added goes with the newest.
        Assert.Equal(["m2+m3+m4", "m10"], plan.Rewritten.Select(run => string.Join('+', run.Select(manifest => manifest.Path))));
        Assert.True(plan.AddsToLast);
        Assert.Equal(6, plan.Kept.Count);
        Assert.False(ManifestPlan.Of(manifests, 1, new HashSet<long> { 2 }).AddsToLast);
    }

    private static readonly HashSet<long> NothingRemoved = [];

    private static Manifest New(int sequence, int added, int existing) => new(
        $"m{sequence}", 1000, ManifestContent.Data, 0, sequence, sequence, sequence, sequence, new FileCount(added, added), new FileCount(existing, existing), new FileCount(0, 0), [0]);
}

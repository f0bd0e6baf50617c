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
            var plan = ManifestPlan.Append(manifests, filesEach);
            Assert.Equal(manifests, [.. plan.Kept, .. plan.Rewritten]);
            var moved = plan.Rewritten.Sum(manifest => manifest.LiveFiles);
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

        Assert.Empty(ManifestPlan.Append(full, 1).Rewritten);
        Assert.Equal(small, ManifestPlan.Append([.. full, .. small], 1).Rewritten);
    }

    private static Manifest New(int sequence, int added, int existing) => new(
        $"m{sequence}", 1000, sequence, sequence, sequence, new FileCount(added, added), new FileCount(existing, existing), new FileCount(0, 0));
}

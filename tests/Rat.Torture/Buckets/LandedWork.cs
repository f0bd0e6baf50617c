using System.Text;
using Rat.Torture.Kills;
using Rat.Torture.Server;

namespace Rat.Torture.Buckets;

/// <summary>Files of a landing zone that an appending run takes in and puts away: each step uploads one and runs.</summary>
internal sealed class LandedWork(Attempts attempts, Random random)
{
    public const string Name = "landed";
    private const string Zone = "inbox";
    private const string Config = "merge_strategy: append_only\narchive_landing_zones: true\n";

    // With 10 MB it goes in parts.
    private const int RowsOfLarge = 500;
    private const int BytesOfLargeRow = 20_000;

    private readonly Dictionary<long, (Batch Batch, Ending Ending)> _uploads = [];

    public static async Task PrepareAsync(RatApi api)
    {
        await api.CreateZoneAsync(Zone);
        await api.CreatePipelineAsync(
            "bronze", Name, $"SELECT generation::BIGINT AS generation, i::BIGINT AS i FROM read_csv('{{{{ landing_zone('{Zone}') }}}}', header = true)", Config);
    }

    public async Task StepAsync(RatApi api, bool isLarge)
    {
        var batch = new Batch(_uploads.Count + 1, isLarge ? RowsOfLarge : random.Next(1, 40));
        _uploads[batch.Generation] = (batch, Ending.Unknown);
        var ending = await attempts.TryAsync(() => api.UploadAsync(Zone, $"batch-{batch.Generation}.csv", Csv(batch, isLarge)));
        _uploads[batch.Generation] = (batch, ending);
        await RunAsync(api);
    }

    public async Task<bool> RunAsync(RatApi api)
    {
        RunState? end = null;
        await attempts.TryAsync(async () => end = await api.RunAsync("bronze", Name));
        // Without a file there is nothing to read.
        if (end is { Succeeded: false } && end.Error?.Contains("not found", StringComparison.Ordinal) != true)
            attempts.See(end);
        return end is { Succeeded: true };
    }

    public static async Task<bool> IsEmptyAsync(RatApi api) => (await api.LandedAsync(Zone)).Count == 0;

    /// <summary>What a table says that it must not, whatever goes on: half of a batch, twice a batch, a batch that was refused.</summary>
    public IEnumerable<string> Violations(IReadOnlyDictionary<long, (long Rows, long Sum)> seen) =>
        from generation in seen
        let upload = _uploads.GetValueOrDefault(generation.Key)
        where upload.Batch is null || upload.Ending == Ending.Refused || generation.Value != (upload.Batch.Rows, upload.Batch.Sum)
        select $"generation {generation.Key}: {generation.Value} of {upload.Batch}, {upload.Ending}";

    /// <summary>What was acknowledged and isn't there.</summary>
    public IEnumerable<string> Lost(IReadOnlyDictionary<long, (long Rows, long Sum)> seen) =>
        from upload in _uploads.Values
        where upload.Ending == Ending.Done && !seen.ContainsKey(upload.Batch.Generation)
        select $"{upload.Batch}";

    public string Summary => string.Join(", ", _uploads.Values.GroupBy(upload => upload.Ending).Select(group => $"{group.Count()} uploads {group.Key}"));

    private static byte[] Csv(Batch batch, bool isLarge)
    {
        var text = new StringBuilder("generation,i,filler\n");
        for (var i = 0; i < batch.Rows; i++)
            text.Append(batch.Generation).Append(',').Append(i).Append(',').Append('x', isLarge ? BytesOfLargeRow : 1).Append('\n');
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}

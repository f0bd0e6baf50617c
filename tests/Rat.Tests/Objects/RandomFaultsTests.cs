using System.Globalization;
using Rat.Tests.Objects.Swift;
using Xunit.Abstractions;

namespace Rat.Tests.Objects;

/// <summary>Random work in a bucket, held against a dictionary, while random requests and answers are lost.</summary>
[Collection(SwiftTests.Name)]
public sealed class RandomFaultsTests(SwiftServer server, ITestOutputHelper output)
{
    private const int Workers = 6;

    // Silence would take its time-out each time, and has a test of its own.
    private static readonly Fault[] Faults = [Fault.Drop, Fault.Busy, Fault.LoseAnswer, Fault.CutAnswer];

    // RAT_FAULTS=1000 for longer.
    private static readonly int Wanted = Environment.GetEnvironmentVariable("RAT_FAULTS") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture) : 60;

    [S3Fact]
    public async Task Whatever_is_lost_on_the_way_the_bucket_holds_what_was_put()
    {
        using var proxy = new FaultProxy(server.Port);
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket(), proxy.Port));
        var chance = new Random(5);
        var faults = 0;
        proxy.Choose = _ =>
        {
            lock (chance)
            {
                if (chance.Next(5) > 0)
                    return Fault.None;
                faults++;
                return Faults[chance.Next(Faults.Length)];
            }
        };

        var seed = 0;
        var works = new List<Worker>();
        var steps = 0;
        while (faults < Wanted)
        {
            var round = Enumerable.Range(0, Workers).Select(number => new Worker(opened, $"w{number}", seed++, works.ElementAtOrDefault(number)?.Expected)).ToList();
            await Task.WhenAll(round.Select(worker => worker.WorkAsync(steps: 5)));
            works = round;
            steps += Workers * 5;
        }

        proxy.Choose = _ => Fault.None;
        var expected = works.SelectMany(worker => worker.Expected).ToDictionary();
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), await opened.KeysAsync());
        foreach (var (key, (length, value)) in expected)
        {
            var bytes = await opened.ReadAsync(key);
            Assert.Equal(length, bytes!.Length);
            Assert.True(bytes.AsSpan().IndexOfAnyExcept(value) < 0, $"{key} holds what was not put");
        }

        output.WriteLine($"{faults} faults in {opened.Counters.Requests.Value} requests of {steps} steps, {opened.Counters.Retries.Value} retries, "
            + $"{expected.Count} objects");
    }

    /// <summary>Works on keys of its own, one step after the other: what it was told is done must be so.</summary>
    private sealed class Worker(OpenStore opened, string name, int seed, Dictionary<string, (int Length, byte Value)>? before)
    {
        private readonly Random _random = new(seed);

        public Dictionary<string, (int Length, byte Value)> Expected { get; } = before ?? [];

        public async Task WorkAsync(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                var key = Key();
                switch (_random.Next(10))
                {
                    case < 5:
                        var length = _random.Next(8) == 0 ? (5 << 20) + _random.Next(1 << 20) : _random.Next(20_000);
                        var value = (byte)_random.Next(256);
                        await opened.PutAsync(key, [.. Enumerable.Repeat(value, length)]);
                        Expected[key] = (length, value);
                        break;
                    case < 7:
                        await opened.Store.DeleteAsync(key);
                        Expected.Remove(key);
                        break;
                    case 7 when Expected.TryGetValue(key, out var copied):
                        var target = Key();
                        if (target == key)
                            break;
                        await opened.Store.CopyAsync(key, target);
                        Expected[target] = copied;
                        break;
                    default:
                        var bytes = await opened.ReadAsync(key);
                        Assert.Equal(Expected.TryGetValue(key, out var put) ? put.Length : (int?)null, bytes?.Length);
                        Assert.True(bytes.AsSpan().IndexOfAnyExcept(put.Value) < 0);
                        break;
                }
            }
        }

        private string Key() => $"default/{name}/{_random.Next(6)}";
    }
}

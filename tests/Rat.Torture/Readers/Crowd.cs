using System.Collections.Concurrent;

namespace Rat.Torture.Readers;

/// <summary>Readers that go on while something else is done, and what they saw that can't be.</summary>
internal sealed class Crowd
{
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<string, int> _reads = new();
    private volatile bool _done;

    public int Reads => _reads.Values.Sum();

    public int Of(string name) => _reads.GetValueOrDefault(name);

    public override string ToString() =>
        $"{Reads} reads ({string.Join(", ", _reads.OrderBy(read => read.Key, StringComparer.Ordinal).Select(read => $"{read.Value} {read.Key}"))})";

    /// <param name="readers">Each asks once when it is called, and returns what it asked and what is wrong with the answer.</param>
    public async Task WhileAsync(Func<Task> work, IReadOnlyList<Func<Task<(string Name, string? Fault)>>> readers, Checks checks, string rule)
    {
        var reading = readers.Select(ReadAsync).ToList();
        try
        {
            await work();
        }
        finally
        {
            _done = true;
            await Task.WhenAll(reading);
        }

        checks.None(_faults, rule);
    }

    private async Task ReadAsync(Func<Task<(string Name, string? Fault)>> read)
    {
        while (!_done)
        {
            try
            {
                var (name, fault) = await read();
                _reads.AddOrUpdate(name, 1, (_, count) => count + 1);
                if (fault is not null)
                    _faults.Enqueue($"{name}: {fault}");
            }
            catch (Exception failure)
            {
                _faults.Enqueue(failure.Message);
            }
        }
    }
}

namespace Rat.Endpoints.Runs;

/// <summary>Bounds how many log streams are open: per client address, and in all.</summary>
internal sealed class StreamSlots
{
    public const int MostPerAddress = 10;
    public const int MostInAll = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byAddress = [];
    private int _all;

    /// <summary>How many streams are open.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
                return _all;
        }
    }

    /// <summary>A slot to dispose when the stream ends, or null when the address or the server has no more.</summary>
    public IDisposable? TryTake(string address)
    {
        lock (_lock)
        {
            var open = _byAddress.GetValueOrDefault(address);
            if (open >= MostPerAddress || _all >= MostInAll)
                return null;
            _byAddress[address] = open + 1;
            _all++;
            return new Slot(this, address);
        }
    }

    private void Release(string address)
    {
        lock (_lock)
        {
            _all--;
            if (--_byAddress[address] == 0)
                _byAddress.Remove(address);
        }
    }

    private sealed class Slot(StreamSlots slots, string address) : IDisposable
    {
        public void Dispose() => slots.Release(address);
    }
}

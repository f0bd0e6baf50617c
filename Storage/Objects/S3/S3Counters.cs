namespace Rat.Storage.Objects.S3;

/// <summary>What the requests to a bucket come to.</summary>
internal sealed class S3Counters
{
    public Counter Requests { get; } = new();

    /// <summary>Requests that were sent again, and bodies that were asked for again from where they broke off.</summary>
    public Counter Retries { get; } = new();

    /// <summary>Attempts without the answer that was hoped for.</summary>
    public Counter Failures { get; } = new();

    public Counter BytesSent { get; } = new();

    public Counter BytesReceived { get; } = new();

    /// <summary>A number that many threads add to.</summary>
    internal sealed class Counter
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long amount) => Interlocked.Add(ref _value, amount);
    }
}

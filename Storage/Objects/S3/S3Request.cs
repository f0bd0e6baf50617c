namespace Rat.Storage.Objects.S3;

/// <summary>A request that can be sent again.</summary>
/// <param name="Key">Of an object; empty for the bucket.</param>
internal sealed record S3Request(HttpMethod Method, string Key)
{
    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>SHA-256 of the body, where the caller has it already.</summary>
    public string? BodyHash { get; init; }

    /// <summary>Whether an object's bytes go with it or come back.</summary>
    public bool IsData { get; init; }
}

using Rat.Tests.Contract;

namespace Rat.Tests.BadInput;

/// <summary>What may come back.</summary>
internal enum Verdict
{
    /// <summary>A 4xx: something about the request can't be accepted.</summary>
    Refused,

    /// <summary>A 4xx, or the success that the contract has for it: odd, but not wrong (<c>limit=abc</c>, an unknown field).</summary>
    Answered,
}

/// <summary>One request that is wrong in one way.</summary>
/// <param name="Target">Path and query, as they are sent.</param>
/// <param name="What">Which part is wrong, and how.</param>
/// <param name="Mentions">A word that the message of a refusal has to hold; null: any.</param>
internal sealed record BadCase(
    ContractOperation Operation, string Target, byte[]? Body, string? ContentType, Verdict Verdict, string What, string? Mentions = null)
{
    public override string ToString() => $"{Operation.Id}, {What}: {Operation.Method} {Target[..Math.Min(Target.Length, 200)]}";
}

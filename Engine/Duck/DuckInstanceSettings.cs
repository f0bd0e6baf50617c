namespace Rat.Engine.Duck;

/// <summary>How one instance is opened. Nothing of it can change afterwards: the configuration is locked.</summary>
/// <param name="Name">What it is for, as it stands in logs: <c>queries</c> or <c>runs</c>.</param>
/// <param name="SpillDirectory">Made at the first spill; statements may read and write below it (DuckDB adds it to the allowed ones by itself).</param>
/// <param name="AllowedDirectories">Absolute. Statements can't touch a file outside of them.</param>
/// <param name="Connections">Size of the pool, and so how many statements run at once.</param>
internal sealed record DuckInstanceSettings(
    string Name, long MemoryLimitBytes, int Threads, string SpillDirectory, long MaxSpillBytes, IReadOnlyList<string> AllowedDirectories, int Connections)
{
    /// <summary>Whether the pooled connections record a <see cref="DuckProfile"/> of each statement.</summary>
    public bool Profile { get; init; }

    /// <summary>What is to be held while a pooled connection is lent: opened before its borrower has it, disposed after it was given back.</summary>
    public Func<IDisposable>? Hold { get; init; }
}

namespace Rat.Commands;

/// <summary>What the exit code of every verb means: a promise to scripts.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work failed: a run, a gate.</summary>
    public const int Failed = 1;

    /// <summary>Wrong use, a data directory that can't be used, or a server that can't be reached.</summary>
    public const int Usage = 2;
}

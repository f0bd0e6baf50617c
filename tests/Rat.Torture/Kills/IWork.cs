using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>A client that keeps a server busy, is cut off by its death, and knows afterwards what must be there.</summary>
internal interface IWork
{
    /// <summary>Null when the work makes no runs.</summary>
    IRunLedger? Ledger { get; }

    /// <summary>Makes what the work needs; on the first server only.</summary>
    Task PrepareAsync(RatApi api);

    /// <summary>One operation, answered by the server. Throws when the server dies meanwhile.</summary>
    Task StepAsync(RatApi api);

    /// <summary>After a restart: all that was acknowledged is there, and what was not is there whole or not at all.</summary>
    Task VerifyAsync(RatApi api, Checks checks);
}

/// <summary>How the runs of a pipeline have fared.</summary>
internal interface IRunLedger
{
    /// <summary>Runs that were seen to succeed.</summary>
    int Acknowledged { get; }

    /// <summary>Runs that a kill ended, as of the last look.</summary>
    int Interrupted { get; }
}

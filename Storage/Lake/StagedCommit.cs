namespace Rat.Storage.Lake;

/// <summary>A snapshot whose files are all on disk, durable, and that only waits for its pointer.</summary>
/// <param name="State">The table as it will be once committed.</param>
/// <param name="Base">The state that it was built on; null for a new table.</param>
internal sealed record StagedCommit(TableState State, TableState? Base);

namespace Rat.Storage.Lake;

/// <summary>Where a run's files of one table go. Nothing of it is visible before the catalog's pointer is swapped. Can be staged once.</summary>
/// <param name="Location">Folder of the table below the lake's root, with forward slashes.</param>
/// <param name="DataFolder">Absolute; DuckDB writes into it, nothing is moved later.</param>
/// <param name="FilePrefix">Every file of the run begins with it; it begins with the run's id.</param>
/// <param name="Base">The state that the run builds on; null for a table that doesn't exist yet.</param>
internal sealed record StagingTarget(
    TableName Name, string TableId, string Location, string DataFolder, string FilePrefix, TableState? Base, Guid RunId)
{
    /// <summary>Tells the attempts of one run apart; part of the name of every file of metadata.</summary>
    public required Guid AttemptId { get; init; }
}

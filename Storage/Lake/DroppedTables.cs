using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>Removes the folders of tables that were dropped, once no statement of this process reads them.</summary>
internal sealed class DroppedTables(
    DataDirectory directory, MetadataDatabase database, LakePins pins, ILakeFiles kept, ILogger<DroppedTables> logger)
{
    private readonly LakePaths _paths = LakePaths.Of(directory);

    /// <summary>Removes what can be removed. What can't is left for the next call.</summary>
    public async Task RemoveFoldersAsync()
    {
        foreach (var table in database.Read(DroppedTableStore.All))
        {
            if (pins.Hold(table.TableId, 0, long.MaxValue) || !TryRemove(table.Location))
                continue;
            await database.WriteAsync(connection =>
            {
                DroppedTableStore.Forget(connection, table.Location);
                return true;
            });
        }
    }

    private bool TryRemove(string location)
    {
        try
        {
            var files = kept.List(location).Select(file => file.Path).ToList();
            if (kept.Remove(files).Count < files.Count)
                return false;
            if (Directory.Exists(_paths.Local(location)))
                Directory.Delete(_paths.Local(location), recursive: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotSwept(location, exception.Message);
            return false;
        }
    }
}

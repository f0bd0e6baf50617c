using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>Removes the folders of tables that were dropped, once no statement of this process reads them.</summary>
internal sealed class DroppedTables(
    DataDirectory directory, MetadataDatabase database, LakePins pins, ILakeUploads uploads, ILogger<DroppedTables> logger)
{
    private readonly LakePaths _paths = new(directory.Lake, directory.LakeUri);

    /// <summary>Removes what can be removed. What can't is left for the next call.</summary>
    public async Task RemoveFoldersAsync()
    {
        foreach (var table in database.Read(DroppedTableStore.All))
        {
            if (pins.Hold(table.TableId, 0, long.MaxValue) || !TryDelete(_paths.Local(table.Location)))
                continue;
            await database.WriteAsync(connection =>
            {
                DroppedTableStore.Forget(connection, table.Location);
                return true;
            });
        }
    }

    private bool TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                uploads.Remove([.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(_paths.Below)]);
                Directory.Delete(folder, recursive: true);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotSwept(folder, exception.Message);
            return false;
        }
    }
}

using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>Lets DuckDB write position deletes again, which a data directory that was moved needs.</summary>
internal sealed class DeleteFileWriter(DuckInstances duck) : IDeleteFileWriter
{
    public WrittenFile Rewrite(StagingTarget target, string deletes, string uri)
    {
        using var connection = duck.Runs.OpenOwn();
        using var copy = connection.Query(DeleteFileText.Of(target, uri, DeleteFileText.PositionsOf(deletes)));
        return CopyResult.Read(copy)[0];
    }
}

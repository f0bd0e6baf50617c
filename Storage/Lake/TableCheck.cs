using System.Globalization;

namespace Rat.Storage.Lake;

/// <summary>
/// Compares a table with what the catalog knows of it, before it is read or built on: rat plans from SQLite and would otherwise find out in the
/// middle of a statement that a file is gone, or not at all that it is another one.
/// </summary>
internal sealed class TableCheck(DataDirectory directory, TimeProvider time)
{
    // Looking at a file costs some microseconds; a table of more files than this is looked at once in a while only.
    private const int FewFiles = 256;
    private const long MostRemembered = 10_000;

    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    private readonly LakePaths _paths = new(directory.Lake, directory.LakeUri);
    private readonly RecentlyUsed<(string TableId, long SnapshotId), long> _looked = new(MostRemembered, _ => 1);

    /// <summary>Before the rows of a state are read.</summary>
    /// <exception cref="DamagedTableException">The pointer was moved, or a file is missing or has another size.</exception>
    public void VerifyRows(TableState state)
    {
        VerifyPointer(state);
        if (IsFresh(state))
            return;
        foreach (var file in state.Files)
        {
            VerifyFile(state, file.Path, file.SizeBytes);
            if (file.Deletes is { } deletes)
                VerifyFile(state, deletes.Path, deletes.SizeBytes);
        }
    }

    /// <summary>Before a commit builds on a state.</summary>
    /// <param name="keepsRows">Whether rows of it stay; a table that is replaced as a whole may have lost files.</param>
    /// <exception cref="DamagedTableException">The pointer or the metadata is somebody else's, or what is needed is missing.</exception>
    public void VerifyBase(TableState state, bool keepsRows)
    {
        VerifyPointer(state);
        var metadata = MetadataHead.Read(_paths.Local(state.MetadataPath));
        if (metadata is { IsComplete: true })
            VerifyMetadata(state, metadata);
        if (!keepsRows)
            return;
        if (metadata is not { IsComplete: true })
            throw new DamagedTableException(state.Name, $"its metadata file {NameOf(state.MetadataPath)} is {(metadata is null ? "missing" : "damaged")}");
        VerifyRows(state);
    }

    /// <exception cref="DamagedTableException">The pointer was moved by another program.</exception>
    public void VerifyPointer(TableState state)
    {
        if (!state.IsForeign)
            return;
        var place = state.MetadataPath.StartsWith(_paths.RootUri + "/", StringComparison.Ordinal) ? state.MetadataPath[(_paths.RootUri.Length + 1)..] : state.MetadataPath;
        if (!place.Contains("..", StringComparison.Ordinal) && !Path.IsPathRooted(place) && MetadataHead.Read(_paths.Local(place)) is { IsComplete: true } metadata)
            VerifyMetadata(state, metadata);
        throw new DamagedTableException(state.Name,
            $"another program has moved its pointer to {NameOf(state.MetadataPath)}, and rat goes on only from metadata that it has written itself");
    }

    private static void VerifyMetadata(TableState state, MetadataHead metadata)
    {
        if (metadata.FormatVersion != MetadataHead.KnownVersion)
        {
            throw new DamagedTableException(state.Name, string.Create(CultureInfo.InvariantCulture,
                $"its metadata file {NameOf(state.MetadataPath)} has Iceberg's format version {metadata.FormatVersion}, "
                + $"written by another program; rat knows version {MetadataHead.KnownVersion}"));
        }

        if (metadata.TableId != state.TableId)
            throw new DamagedTableException(state.Name, $"its metadata file {NameOf(state.MetadataPath)} is that of another table");
    }

    private void VerifyFile(TableState state, string path, long size)
    {
        var file = new FileInfo(_paths.Local(path));
        if (!file.Exists)
            throw new DamagedTableException(state.Name, $"its file {NameOf(path)} is missing");
        if (file.Length != size)
        {
            throw new DamagedTableException(state.Name, string.Create(CultureInfo.InvariantCulture,
                $"its file {NameOf(path)} was changed: it has {file.Length} bytes instead of {size}"));
        }
    }

    private bool IsFresh(TableState state)
    {
        if (state.Files.Count <= FewFiles)
            return false;
        var key = (state.TableId, state.SnapshotId);
        if (_looked.TryGet(key, out var last) && time.GetElapsedTime(last) < While)
            return true;
        _looked.Set(key, time.GetTimestamp());
        return false;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];
}

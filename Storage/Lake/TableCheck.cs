using System.Globalization;

namespace Rat.Storage.Lake;

/// <summary>
/// Compares a table with what the catalog knows of it, before it is read or built on: rat plans from SQLite and would otherwise find out in the
/// middle of a statement that a file is gone, or not at all that it is another one.
/// </summary>
internal sealed class TableCheck(DataDirectory directory, ILakeFiles kept, TimeProvider time)
{
    // Looking at a file costs some microseconds; a table of more files than this is looked at once in a while only.
    private const int FewFiles = 256;
    private const long MostRemembered = 10_000;

    private static readonly TimeSpan While = TimeSpan.FromSeconds(1);

    private readonly LakePaths _paths = LakePaths.Of(directory);
    private readonly RecentlyUsed<(string TableId, long SnapshotId), long> _looked = new(MostRemembered, _ => 1);

    /// <summary>What is to be said of a table whose file isn't there.</summary>
    public static string Missing(string path) => $"its file {NameOf(path)} is missing";

    /// <summary>What is to be said of a table whose file is another one.</summary>
    public static string Changed(string path, long length, long expected) => string.Create(
        CultureInfo.InvariantCulture, $"its file {NameOf(path)} was changed: it has {length} bytes instead of {expected}");

    /// <summary>Before the rows of a state are read.</summary>
    /// <param name="keep">Takes what is to be disposed once they have been read: until then its files stay on this machine.</param>
    /// <exception cref="DamagedTableException">The pointer was moved, or a file is missing or has another size.</exception>
    /// <exception cref="StorageUnavailableException">A file can't be had for now.</exception>
    public void VerifyRows(TableState state, Action<IDisposable> keep, CancellationToken cancellation)
    {
        VerifyPointer(state);
        if (!kept.AreLocal || !IsFresh(state))
            VerifyFiles(state, state.Files, keep, cancellation);
    }

    /// <summary>Before some files of a state are read, with the deletes of their rows; see <see cref="VerifyRows"/>.</summary>
    public void VerifyFiles(TableState state, IEnumerable<DataFile> files, Action<IDisposable> keep, CancellationToken cancellation)
    {
        var read = new List<(string Path, long Length)>();
        foreach (var file in files)
        {
            read.Add((file.Path, file.SizeBytes));
            if (file.Deletes is { } deletes)
                read.Add((deletes.Path, deletes.SizeBytes));
        }

        if (kept.Hold(read, keep, cancellation) is { } wrong)
            throw new DamagedTableException(state.Name, wrong);
    }

    /// <summary>Before a table goes back to a state.</summary>
    /// <exception cref="DamagedTableException">The pointer was moved, or a file is missing; a bucket's files aren't looked into for it.</exception>
    public void VerifyPast(TableState state)
    {
        if (kept.AreLocal)
        {
            VerifyRows(state, _ => { }, CancellationToken.None);
            return;
        }

        VerifyPointer(state);
        var there = kept.List(state.Location).Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var named = state.Files.Select(file => file.Path).Concat(state.Files.Select(file => file.Deletes?.Path).OfType<string>());
        if (named.FirstOrDefault(path => !there.Contains(path)) is { } missing)
            throw new DamagedTableException(state.Name, Missing(missing));
    }

    /// <summary>Before a commit builds on a state. What a bucket keeps is not looked at: a commit that needs a file of it reads that.</summary>
    /// <param name="keepsRows">Whether rows of it stay; a table that is replaced as a whole may have lost files.</param>
    /// <exception cref="DamagedTableException">The pointer or the metadata is somebody else's, or what is needed is missing.</exception>
    public void VerifyBase(TableState state, bool keepsRows)
    {
        VerifyPointer(state);
        if (!kept.AreLocal)
            return;
        var metadata = MetadataHead.Read(_paths.Local(state.MetadataPath));
        if (metadata is { IsComplete: true })
            VerifyMetadata(state, metadata);
        if (!keepsRows)
            return;
        if (metadata is not { IsComplete: true })
            throw new DamagedTableException(state.Name, $"its metadata file {NameOf(state.MetadataPath)} is {(metadata is null ? "missing" : "damaged")}");
        VerifyRows(state, _ => { }, CancellationToken.None);
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

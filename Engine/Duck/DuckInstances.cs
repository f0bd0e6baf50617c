using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck;

/// <summary>The two instances of the server, opened at first use and replaced when DuckDB has invalidated one.</summary>
internal sealed class DuckInstances(EngineSettings settings, DataDirectory data, LakePins pins, ILogger<DuckInstances> logger) : IDisposable
{
    private const long LargestDefaultMemory = 2L << 30;

    // For this program itself, and for what DuckDB's limits don't count.
    private const long FenceAboveLimits = 4L << 30;

    // Half of what is free: the commits need the rest of the disk more.
    private const int SpillShare = 2;

    private readonly Lock _gate = new();
    private DuckInstance? _queries;
    private DuckInstance? _runs;
    private bool _disposed;

    /// <summary>For statements of users: as many at once as there are cores, and one more for the time that one spends being read.</summary>
    /// <exception cref="DuckLibraryException">The native library can't be loaded.</exception>
    public DuckInstance Queries => Open(ref _queries, "queries");

    /// <summary>For runs: a connection for each that may execute.</summary>
    /// <exception cref="DuckLibraryException">The native library can't be loaded.</exception>
    public DuckInstance Runs => Open(ref _runs, "runs");

    /// <summary>Why the last opening failed; null when it succeeded or none was tried yet.</summary>
    public Failure? LoadFailure { get; private set; }

    private long MemoryLimit => settings.MemoryLimitBytes ?? Math.Min(LargestDefaultMemory, MachineMemory.Read() / 3);

    /// <summary>Fences the memory of the whole process, for one that serves these instances and nothing else.</summary>
    public void FenceProcess() => MemoryFence.Set(Math.Min(MachineMemory.Read(), MemoryLimit + (MemoryLimit / 2) + FenceAboveLimits));

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _queries?.Dispose();
            _runs?.Dispose();
        }
    }

    private DuckInstance Open(ref DuckInstance? field, string name)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (field is { IsInvalidated: false })
                return field;
            if (field is not null)
            {
                logger.Replaced(name);
                field.Dispose();
                field = null;
            }

            try
            {
                field = DuckInstance.Open(SettingsOf(name));
                LoadFailure = null;
                return field;
            }
            catch (Exception exception) when (exception is DuckLibraryException or DuckException)
            {
                logger.NotOpened(exception, name);
                LoadFailure = Failure.Unavailable(DuckErrorText.Scrub(exception.Message));
                throw;
            }
        }
    }

    private DuckInstanceSettings SettingsOf(string name)
    {
        var isQueries = name == "queries";
        return new DuckInstanceSettings(
            name,
            isQueries ? MemoryLimit / 2 : MemoryLimit,
            settings.Threads,
            Path.Combine(data.Temporary, $"spill-{name}"),
            new DriveInfo(data.Temporary).AvailableFreeSpace / SpillShare,
            [data.Lake, data.Objects, data.Cache, data.Temporary],
            isQueries ? Environment.ProcessorCount + 1 : settings.MaxConcurrentRuns)
        {
            Profile = !isQueries,
            // Whoever reads tables has borrowed a connection before it looks into the catalog.
            Hold = pins.Open,
        };
    }
}

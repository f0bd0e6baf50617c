using Rat.Engine.Duck.Gate;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Objects;

namespace Rat.Engine.Duck.Views;

/// <summary>
/// The views of one instance: a catalog per namespace with the three layers as schemas. A view is made when a statement names it and what
/// is there shows another state. While a lease is held the views it names keep showing the state that it asked for; a statement needs it
/// until its execution has begun, since its plan keeps the files from then on, whatever is replaced after.
/// </summary>
internal sealed class ViewCatalog(DuckConnection definitions, string lakeRoot, TableCheck check, UserFiles files) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _namespaces = [];
    private readonly Dictionary<string, View> _views = [];

    /// <summary>Waits until every view can show the state that is asked for, and holds it there until the lease is disposed. The files that it
    /// reads stay on this machine until the connection is given back.</summary>
    /// <param name="connection">The statement's.</param>
    /// <exception cref="DamagedTableException">Files of one of the tables are not there as the catalog knows them.</exception>
    /// <exception cref="DuckException">A landing file is gone.</exception>
    /// <exception cref="StorageUnavailableException">A file can't be had for now.</exception>
    public async ValueTask<IDisposable> AcquireAsync(DuckConnection connection, StatementReads reads, CancellationToken cancellation)
    {
        foreach (var use in reads.Views)
            check.VerifyRows(use.State, connection.Keep, cancellation);
        foreach (var file in reads.LandingFiles)
            connection.Keep(await files.HoldAsync(file.Version, cancellation) ?? throw new DuckException($"IO Error: there is no file \"{file.LocalPath}\" any more"));
        var held = new List<View>(reads.Views.Count);
        try
        {
            // Always in the same order: two statements never wait for each other.
            foreach (var (name, state) in Ordered(reads.Views))
            {
                View? view;
                while (!TryHold(name, state, out view, out var released))
                    await released.WaitAsync(cancellation);
                held.Add(view!);
            }

            return new Lease(this, held);
        }
        catch
        {
            Release(held);
            throw;
        }
    }

    public void Dispose() => definitions.Dispose();

    private static IEnumerable<(string Name, TableState State)> Ordered(IReadOnlyList<ViewUse> uses) => uses
        .Select(use => (Name: ViewText.NameOf(use.State.Name, use.Pinned ? use.State.SnapshotId : null), use.State))
        .DistinctBy(use => use.Name)
        .OrderBy(use => use.Name, StringComparer.Ordinal);

    private bool TryHold(string name, TableState state, out View? view, out Task released)
    {
        lock (_lock)
        {
            released = Task.CompletedTask;
            view = _views.GetValueOrDefault(name) ?? (_views[name] = new View(name, state.Name.Namespace));
            if (view.Shown != (state.TableId, state.SnapshotId))
            {
                if (view.Users > 0)
                {
                    released = view.Released.Task;
                    return false;
                }

                Define(view, state);
            }

            view.Users++;
            return true;
        }
    }

    // Each in an autocommit statement of its own: DDL inside an open transaction makes the DDL of everyone else fail.
    private void Define(View view, TableState state)
    {
        Attach(view.Namespace);
        view.Shown = null;
        definitions.Execute($"CREATE OR REPLACE VIEW {view.Name} AS {ViewText.SelectOf(state, lakeRoot)}");
        view.Shown = (state.TableId, state.SnapshotId);
    }

    private void Attach(string ns)
    {
        if (!_namespaces.Add(ns))
            return;
        var catalog = DuckQuote.Identifier(ns);
        definitions.Execute($"ATTACH IF NOT EXISTS ':memory:' AS {catalog}");
        foreach (var layer in (string[])[Layer.Bronze, Layer.Silver, Layer.Gold])
            definitions.Execute($"CREATE SCHEMA IF NOT EXISTS {catalog}.{layer}");
    }

    private void Release(List<View> held)
    {
        lock (_lock)
        {
            foreach (var view in held)
            {
                if (--view.Users > 0)
                    continue;
                var released = view.Released;
                view.Released = NewSignal();
                released.SetResult();
                DropWhenPinned(view);
            }
        }
    }

    // A pinned view belongs to one run: nobody asks for it again.
    private void DropWhenPinned(View view)
    {
        if (!view.Name.Contains('@', StringComparison.Ordinal))
            return;
        definitions.Execute($"DROP VIEW IF EXISTS {view.Name}");
        _views.Remove(view.Name);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class View(string name, string ns)
    {
        public string Name => name;
        public string Namespace => ns;

        /// <summary>What it shows; null when it isn't made.</summary>
        public (string TableId, long SnapshotId)? Shown { get; set; }

        /// <summary>Leases that hold it. Above 0 it must not change.</summary>
        public int Users { get; set; }

        public TaskCompletionSource Released { get; set; } = NewSignal();
    }

    private sealed class Lease(ViewCatalog catalog, List<View> held) : IDisposable
    {
        private List<View>? _held = held;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _held, null) is { } views)
                catalog.Release(views);
        }
    }
}

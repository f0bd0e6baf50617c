using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Hosting.Logging;
using Rat.Engine.Automation;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Native;
using Rat.Engine.Landing;
using Rat.Engine.Maintenance;
using Rat.Engine.Notifications;
using Rat.Engine.Retention;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Backup;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;
using Rat.Storage.Objects.S3;

namespace Rat.Commands;

/// <summary>A server from its preparation to its stop: data directory, web application, banner.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan FirstTurns = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastShip = TimeSpan.FromSeconds(10);

    private readonly ServerOptions _options;
    private readonly WebApplication _app;

    private readonly OpenedStorage _storage;

    private readonly bool _quiet;

    private ContinuousBackup? _backup;

    private RunningServer(ServerOptions options, OpenedStorage storage, WebApplication app, bool quiet) =>
        (_options, _storage, _app, _quiet) = (options, storage, app, quiet);

    /// <summary>Opens what the server needs. Nothing listens yet.</summary>
    /// <param name="quiet">No log and no banner: standard output belongs to the verb that brings the server.</param>
    public static async Task<Outcome<RunningServer>> PrepareAsync(ServerOptions options, CancellationToken cancellation, bool quiet = false)
    {
        MemoryArenas.Bound();
        Certificate? certificate = null;
        if (options.Tls is { } files)
        {
            var loaded = Certificate.Load(files);
            if (!loaded.Succeeded)
                return loaded.Failure;
            certificate = loaded.Value;
        }

        var storage = await OpenedStorage.OpenAsync(options.DataDirectory, options.S3, cancellation);
        if (!storage.Succeeded)
            return storage.Failure;
        var log = new LogSink(quiet ? Stream.Null : Console.OpenStandardOutput());
        var app = ServerHost.Build(options, certificate, storage.Value, log, isTerminal: !Console.IsOutputRedirected);
        return new RunningServer(options, storage.Value, app, quiet);
    }

    /// <summary>Starts to listen.</summary>
    /// <returns>The URL under which this machine reaches the server.</returns>
    public async Task<Outcome<Uri>> StartAsync(IReadOnlyList<string> warnings, CancellationToken ct)
    {
        try
        {
            _app.Services.GetRequiredService<DuckInstances>().FenceProcess();
            var queue = _app.Services.GetRequiredService<RunQueue>();
            // First: what recovery ends is told, too.
            await _app.Services.GetRequiredService<NotificationSender>().StartAsync();
            await queue.RecoverAsync();
            await _app.StartAsync(ct);
            // Only now: a server that can't listen must not have begun to execute anything.
            _app.Services.GetRequiredService<MaintenanceWorker>().Start();
            queue.Start();
            _backup = _app.Services.GetService<ContinuousBackup>();
            _backup?.Start();
            if (_options.Engine.SchedulerEnabled)
            {
                _app.Services.GetRequiredService<AutomationTimer>().Start();
                _app.Services.GetRequiredService<Reaper>().Start();
            }
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return Failure.Unavailable($"{_options.Listen} is already in use; choose another address with --listen");
        }
        catch (SqliteException damaged)
        {
            return MetadataDatabase.Unusable(damaged);
        }
        catch (SocketException refused)
        {
            return Failure.Unavailable($"can't listen on {_options.Listen}: {refused.Message}");
        }

        var url = Url();
        foreach (var warning in warnings)
            _app.Logger.SettingWarning(warning);
        if (!_quiet)
            Banner.Write(Console.Out, url, isTerminal: !Console.IsOutputRedirected);
        _ = SettleAsync(_app.Lifetime.ApplicationStopping);
        return url;
    }

    /// <summary>Returns once the server has stopped: open requests have had their time to end.</summary>
    public async Task WaitForStopAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _app.Logger.Stopping();
        await _app.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_backup is not null)
            await _backup.StopAsync(LastShip);
        _storage.Dispose();
    }

    /// <summary>What needn't be done before the first request.</summary>
    private async Task SettleAsync(CancellationToken stopping)
    {
        await Task.WhenAll(Task.Run(UnpackLibraryAsync, CancellationToken.None), Task.Run(() => SweepAsync(stopping), CancellationToken.None));
        // What starting has allocated is never needed again: an idle server gives it back, once the workers' first turns are over, too.
        await Task.Delay(FirstTurns, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
            return;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private async Task UnpackLibraryAsync()
    {
        if (await DuckLibrary.UnpackInBackground() is { } failure)
            _app.Logger.LibraryNotCached(failure.Message);
    }

    /// <summary>Removes what an earlier process has left behind. What stops it is logged: the next start tries again.</summary>
    private async Task SweepAsync(CancellationToken stopping)
    {
        try
        {
            var runs = _app.Services.GetRequiredService<RunRegistry>();
            await _app.Services.GetRequiredService<LandingArchive>().MovePendingAsync(run => runs.Find(run) is not null, stopping);
            await _app.Services.GetRequiredService<LakeSweep>().SweepAsync(stopping);
            await _app.Services.GetRequiredService<ObjectSweep>().SweepAsync(stopping);
            if (_storage.Bucket is { } bucket)
                await LeftUploads.AbandonAsync(bucket.Client, bucket.OpenedAt, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            _app.Logger.NotSwept(failure);
        }
    }

    private Uri Url()
    {
        // With port 0 only the server knows the port.
        var bound = _app.Urls.First();
        var scheme = _options.Tls is null ? "http" : "https";
        return new UriBuilder(scheme, _options.Listen.Reachable.ToString(), new Uri(bound).Port).Uri;
    }
}

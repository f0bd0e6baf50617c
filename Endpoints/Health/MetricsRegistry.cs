using System.Globalization;
using Prometheus;
using Rat.Endpoints.Hosting;
using Rat.Engine.Observation;
using Rat.Storage.Backup;
using Rat.Storage.Objects;

namespace Rat.Endpoints.Health;

/// <summary>The metrics of this process in a registry of its own; those of the engine are copied at each scrape (behaviour §2).</summary>
internal sealed class MetricsRegistry
{
    /// <summary>Seconds; from a cached list to a long query.</summary>
    private static readonly double[] DurationBuckets = [.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30];

    /// <summary>Seconds; from one row to a whole night.</summary>
    private static readonly double[] RunBuckets = [.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

    /// <summary>Seconds; mostly the disk's sync.</summary>
    private static readonly double[] CommitBuckets = [.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5];

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _requests;
    private readonly Histogram _durations;

    /// <param name="store">Null when files are on disk.</param>
    /// <param name="backup">Null when there is none.</param>
    public MetricsRegistry(EngineCounters engine, TimeProvider time, ObjectStoreFigures? store = null, ContinuousBackup? backup = null)
    {
        var create = Metrics.WithCustomRegistry(_registry);
        _requests = create.CreateCounter("ratd_http_requests_total", "HTTP requests.", "method", "path", "status");
        _durations = create.CreateHistogram(
            "ratd_http_request_duration_seconds", "Time to answer a request.", ["method", "path"],
            new HistogramConfiguration { Buckets = DurationBuckets });
        create.CreateGauge("ratd_info", "Version of this server.", "version", "git_commit", "go_version")
            .WithLabels(BuildInformation.Version, BuildInformation.GitCommit, BuildInformation.Runtime).Set(1);
        AddProcess(create);
        AddEngine(create, engine);
        AddDurations(create, engine);
        if (store is not null)
            AddStore(create, store);
        if (backup is not null)
            AddBackup(create, backup, time);
    }

    /// <summary>Counts an answered request.</summary>
    /// <param name="route">The route's template, so that ids don't become series.</param>
    public void Count(string method, string route, int status, TimeSpan duration)
    {
        _requests.WithLabels(method, route, status.ToString(CultureInfo.InvariantCulture)).Inc();
        _durations.WithLabels(method, route).Observe(duration.TotalSeconds);
    }

    /// <summary>Answers with the text format 0.0.4.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        using var text = new MemoryStream();
        await _registry.CollectAndExportAsTextAsync(text, context.RequestAborted);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), context.RequestAborted);
    }

    private void AddProcess(MetricFactory create)
    {
        var threads = create.CreateGauge("ratd_goroutines", "Threads of the thread pool.");
        var allocated = create.CreateGauge("ratd_memory_alloc_bytes", "Bytes of live managed objects.");
        var system = create.CreateGauge("ratd_memory_sys_bytes", "Resident memory of the process in bytes.");
        var collections = create.CreateCounter("ratd_gc_completed_total", "Completed garbage collections.");
        _registry.AddBeforeCollectCallback(() =>
        {
            threads.Set(ThreadPool.ThreadCount);
            allocated.Set(GC.GetTotalMemory(forceFullCollection: false));
            system.Set(Environment.WorkingSet);
            collections.IncTo(GC.CollectionCount(0));
        });
    }

    private void AddEngine(MetricFactory create, EngineCounters engine)
    {
        var streams = create.CreateGauge("ratd_sse_connections_active", "Open log streams.");
        var runs = create.CreateCounter("ratd_runs_total", "Finished runs by status.", ["status"]);
        var alias = create.CreateCounter("ratd_pipeline_runs_total", "The same as ratd_runs_total.", ["status"]);
        var active = create.CreateGauge("ratd_active_runs", "Runs that are executing.");
        var ticks = create.CreateCounter("ratd_scheduler_ticks_total", "Wake-ups of the scheduler's timer.");
        var triggered = create.CreateCounter("ratd_scheduler_runs_triggered_total", "Runs queued by schedules.");
        var compacted = create.CreateCounter("ratd_maintenance_compacted_files_total", "Data files that compaction has put together.");
        var expired = create.CreateCounter("ratd_maintenance_expired_snapshots_total", "Versions of tables that have expired.");
        var removed = create.CreateCounter("ratd_maintenance_removed_files_total", "Files of tables that were deleted.");
        var failures = create.CreateCounter("ratd_maintenance_failures_total", "Passes of maintenance that broke off.");
        _registry.AddBeforeCollectCallback(() =>
        {
            compacted.IncTo(engine.CompactedFiles.Value);
            expired.IncTo(engine.ExpiredSnapshots.Value);
            removed.IncTo(engine.RemovedFiles.Value);
            failures.IncTo(engine.MaintenanceFailures.Value);
            streams.Set(engine.LogStreams.Value);
            active.Set(engine.ActiveRuns.Value);
            ticks.IncTo(engine.SchedulerTicks.Value);
            triggered.IncTo(engine.SchedulerRunsTriggered.Value);
            foreach (var (status, count) in engine.Runs)
            {
                runs.WithLabels(status).IncTo(count.Value);
                alias.WithLabels(status).IncTo(count.Value);
            }
        });
    }

    private void AddStore(MetricFactory create, ObjectStoreFigures store)
    {
        var requests = create.CreateCounter("ratd_s3_requests_total", "Requests to the object store, each attempt counted.");
        var retries = create.CreateCounter("ratd_s3_retries_total", "Requests that were sent again, and bodies that were asked for again from where they broke off.");
        var failures = create.CreateCounter("ratd_s3_failures_total", "Attempts without the answer that was hoped for.");
        var sent = create.CreateCounter("ratd_s3_sent_bytes_total", "Bytes of objects sent.");
        var received = create.CreateCounter("ratd_s3_received_bytes_total", "Bytes of objects received.");
        var deletes = create.CreateGauge("ratd_s3_deletes_waiting", "Objects to be deleted once a state of the metadata without them is in the backup.");
        var held = create.CreateGauge("ratd_cache_bytes", "Size of the local copies of objects.");
        var hits = create.CreateCounter("ratd_cache_hits_total", "Objects that were needed and had a local copy.");
        var fetches = create.CreateCounter("ratd_cache_fetches_total", "Objects that were needed and had to be fetched.");
        _registry.AddBeforeCollectCallback(() =>
        {
            requests.IncTo(store.Requests.Requests.Value);
            retries.IncTo(store.Requests.Retries.Value);
            failures.IncTo(store.Requests.Failures.Value);
            sent.IncTo(store.Requests.BytesSent.Value);
            received.IncTo(store.Requests.BytesReceived.Value);
            deletes.Set(store.Deletes.Waiting);
            var (bytes, found, fetched) = store.Cache.Figures;
            held.Set(bytes);
            hits.IncTo(found);
            fetches.IncTo(fetched);
        });
    }

    private void AddBackup(MetricFactory create, ContinuousBackup backup, TimeProvider time)
    {
        var segments = create.CreateCounter("ratd_backup_segments_total", "Segments of changes that were shipped to the backup.");
        var bytes = create.CreateCounter("ratd_backup_sent_bytes_total", "Bytes that were sent to the backup.");
        var unshipped = create.CreateGauge("ratd_backup_unshipped_seconds", "Age of the oldest change that can't be restored from the backup; 0 when all can.");
        var failing = create.CreateGauge("ratd_backup_failing", "1 while changes don't get to the backup.");
        _registry.AddBeforeCollectCallback(() =>
        {
            segments.IncTo(backup.Segments);
            bytes.IncTo(backup.Bytes);
            unshipped.Set(backup.UnshippedSince is { } since ? Math.Max(0.001, (time.GetUtcNow() - since).TotalSeconds) : 0);
            failing.Set(backup.Problem is null ? 0 : 1);
        });
    }

    private static void AddDurations(MetricFactory create, EngineCounters engine)
    {
        var runs = create.CreateHistogram(
            "ratd_run_duration_seconds", "Runs from their start to their end.", ["status"], new HistogramConfiguration { Buckets = RunBuckets });
        var queries = create.CreateHistogram(
            "ratd_query_duration_seconds", "Queries and table previews.", ["status"], new HistogramConfiguration { Buckets = DurationBuckets });
        var commits = create.CreateHistogram(
            "ratd_commit_duration_seconds", "Transactions that move a table to its new snapshot.", new HistogramConfiguration { Buckets = CommitBuckets });
        // There from the start, so that a rate can be taken from the first one on.
        foreach (var status in (string[])["success", "failed", "cancelled"])
            runs.WithLabels(status);
        foreach (var status in (string[])["ok", "refused", "timeout", "cancelled", "unavailable"])
            queries.WithLabels(status);
        engine.RunDurations.Observed += (status, duration) => runs.WithLabels(status).Observe(duration.TotalSeconds);
        engine.QueryDurations.Observed += (status, duration) => queries.WithLabels(status).Observe(duration.TotalSeconds);
        engine.CommitDurations.Observed += (_, duration) => commits.Observe(duration.TotalSeconds);
    }
}

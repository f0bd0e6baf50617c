using Microsoft.Data.Sqlite;
using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Templates;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Notifications;

/// <summary>
/// Sends what the database has put aside for the targets, one message after the other per target, and again with growing pauses what isn't taken.
/// No run waits for it, and what is unsent at a stop is sent after the next start.
/// </summary>
internal sealed class NotificationSender(
    NotificationConfig config, MetadataDatabase database, PipelineSources sources, RunRegistry registry, TimeProvider time,
    ILogger<NotificationSender> logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, SemaphoreSlim> _wakes = NotificationTargets.All.ToDictionary(target => target, _ => new SemaphoreSlim(0));
    private readonly Lazy<HttpClient> _http = new(NewClient);
    private Task _sending = Task.CompletedTask;

    /// <summary>Begins to send. What has no address isn't put aside either.</summary>
    public async Task StartAsync()
    {
        await config.StartAsync();
        config.Changed += Wake;
        registry.Changed += Wake;
        _sending = Task.WhenAll(_wakes.Select(wake => Task.Run(() => SendAllAsync(wake.Key, wake.Value))));
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        config.Changed -= Wake;
        registry.Changed -= Wake;
        await _stopping.CancelAsync();
        await _sending;
        if (_http.IsValueCreated)
            _http.Value.Dispose();
        _stopping.Dispose();
    }

    private void Wake()
    {
        foreach (var (target, wake) in _wakes)
        {
            // One is enough: whoever wakes sends everything.
            if (NotificationTargets.AddressOf(target, config.Current) is not null && wake.CurrentCount == 0)
                wake.Release();
        }
    }

    private async Task SendAllAsync(string target, SemaphoreSlim wake)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var now = Timestamps.ToMicroseconds(time.GetUtcNow());
                if (database.Read(connection => NotificationStore.Next(connection, target, now)) is { } row)
                    await SendAsync(target, row);
                else
                    await wake.WaitAsync(UntilNext(target), _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            catch (SqliteException exception)
            {
                logger.OutboxUnusable(exception, PauseAfterFailure);
                await Task.Delay(PauseAfterFailure, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan UntilNext(string target)
    {
        if (database.Read(connection => NotificationStore.NextDue(connection, target)) is not { } due)
            return Timeout.InfiniteTimeSpan;
        var left = Timestamps.FromMicroseconds(due) - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestPause ? left : LongestPause;
    }

    private async Task SendAsync(string target, NotificationRow row)
    {
        var settings = config.Current;
        // It has just been taken away, and its messages with it.
        if (NotificationTargets.AddressOf(target, settings) is null)
            return;
        var reason = await TrySendAsync(target, row, settings);
        var now = time.GetUtcNow();
        if (reason is null)
        {
            await WriteAsync(connection => NotificationStore.Delete(connection, row.Id));
        }
        else if (now - Timestamps.FromMicroseconds(row.CreatedAt) > GiveUpAfter)
        {
            logger.GivenUp(target, row.Run.Id, reason);
            await WriteAsync(connection => NotificationStore.Delete(connection, row.Id));
        }
        else
        {
            var pause = PauseAfter(row.Attempts);
            logger.NotTaken(target, row.Run.Id, reason, pause);
            await WriteAsync(connection => NotificationStore.Postpone(connection, row.Id, Timestamps.ToMicroseconds(now + pause)));
        }
    }

    // Null when it was taken, else why not; never the address, which may hold a secret.
    private async Task<string?> TrySendAsync(string target, NotificationRow row, NotificationSettings settings)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        patience.CancelAfter(AnswerPatience);
        try
        {
            using var request = target == NotificationTargets.Callback
                ? CallbackMessage.Of(row).ToRequest(settings)
                : LineageEvent.Of(row, InputsOf(row.Run.Pipeline)).ToRequest(settings);
            using var response = await _http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return "no answer in time";
        }
        catch (HttpRequestException exception)
        {
            return exception.HttpRequestError.ToString();
        }
        catch (StorageUnavailableException)
        {
            return "the pipeline's source can't be read";
        }
    }

    private List<TableName> InputsOf(TableName pipeline) => database.Read(connection => sources.ReadRefs(connection, pipeline))
        .Select(text => RefName.Parse(text, pipeline.Namespace)).Where(name => name.Succeeded).Select(name => name.Value).Distinct().ToList();

    private static TimeSpan PauseAfter(int attempts)
    {
        const int mostDoublings = 12;
        var pause = FirstPause * (1 << Math.Min(attempts, mostDoublings));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static HttpClient NewClient() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, ConnectTimeout = AnswerPatience })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async Task WriteAsync(Action<SqliteConnection> work) => await database.WriteAsync(connection =>
    {
        work(connection);
        return true;
    });
}

using System.Buffers;

namespace Rat.Endpoints.Hosting.Logging;

/// <summary>
/// Logging by <c>ILogger</c> to one stream. The framework's console logger is not used: its JSON nests the fields that behaviour §1 wants
/// at the top, and it starts a thread.
/// </summary>
internal sealed class LineLoggerProvider(LogSink sink, LogFormat format, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message, List<KeyValuePair<string, object?>> fields, Exception? exception)
    {
        _scopes?.ForEachScope(AddScope, fields);
        var buffer = new ArrayBufferWriter<byte>(512);
        format(new LogLine(time.GetUtcNow(), level, category, message, fields, exception), buffer);
        sink.Write(buffer.WrittenSpan);
    }

    /// <summary>Our scopes are single pairs, such as the request id; the framework's are lists (connection ids) and are left out.</summary>
    private static void AddScope(object? scope, List<KeyValuePair<string, object?>> fields)
    {
        if (scope is KeyValuePair<string, object?> field)
            fields.Add(field);
    }

    private sealed class LineLogger(LineLoggerProvider owner, string category) : ILogger
    {
        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes?.Push(state);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = new List<KeyValuePair<string, object?>>();
            if (state is IReadOnlyList<KeyValuePair<string, object?>> placeholders)
                fields.AddRange(placeholders.Where(field => field.Key != "{OriginalFormat}"));
            owner.Write(logLevel, category, formatter(state, exception), fields, exception);
        }
    }
}

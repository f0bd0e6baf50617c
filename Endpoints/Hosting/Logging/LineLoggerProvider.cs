using System.Buffers;

namespace Rat.Endpoints.Hosting.Logging;

/// <summary>
/// Logging by <c>ILogger</c> to one stream. The framework's console logger is not used: its JSON nests the fields that behaviour §1 wants
/// at the top, and it starts a thread.
/// </summary>
internal sealed class LineLoggerProvider(LogSink sink, LogFormat format, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    private DateTimeOffset Now => time.GetUtcNow();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private void Write(in LogLine line)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        format(line, buffer);
        sink.Write(buffer.WrittenSpan);
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
            Add(fields, state);
            owner._scopes?.ForEachScope((scope, into) => Add(into, scope), fields);
            owner.Write(new LogLine(owner.Now, logLevel, category, formatter(state, exception), fields, exception));
        }

        private static void Add(List<KeyValuePair<string, object?>> fields, object? state)
        {
            if (state is KeyValuePair<string, object?> one)
                fields.Add(one);
            else if (state is IReadOnlyList<KeyValuePair<string, object?>> several)
                fields.AddRange(several.Where(field => field.Key != "{OriginalFormat}"));
        }
    }}

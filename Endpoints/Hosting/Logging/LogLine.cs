using System.Buffers;

namespace Rat.Endpoints.Hosting.Logging;

/// <summary>One log record, before it has a form.</summary>
/// <param name="Fields">Values of the message's placeholders, then of the scopes that are one <c>KeyValuePair</c>, innermost last.</param>
internal readonly record struct LogLine(
    DateTimeOffset Time, LogLevel Level, string Category, string Message, IReadOnlyList<KeyValuePair<string, object?>> Fields,
    Exception? Exception);

/// <summary>Gives a record its form, the line feed included.</summary>
internal delegate void LogFormat(in LogLine line, IBufferWriter<byte> output);

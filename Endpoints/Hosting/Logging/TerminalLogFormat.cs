using System.Buffers;
using System.Text;

namespace Rat.Endpoints.Hosting.Logging;

/// <summary>Short lines for a person: local time, level if it matters, message.</summary>
internal static class TerminalLogFormat
{
    public static void Write(in LogLine line, IBufferWriter<byte> output)
    {
        var text = $"{line.Time.ToLocalTime():HH:mm:ss} {Level(line.Level)}{Printable(line.Message)}\n";
        Encoding.UTF8.GetBytes(text, output);
        if (line.Exception is not null)
            Encoding.UTF8.GetBytes($"{line.Exception}\n", output);
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Warning => "WARN  ",
        LogLevel.Error or LogLevel.Critical => "ERROR ",
        _ => "",
    };

    /// <summary>A path from a client must not move the cursor of whoever watches.</summary>
    private static string Printable(string message) => message.Any(char.IsControl)
        ? string.Concat(message.Select(letter => char.IsControl(letter) ? '?' : letter))
        : message;
}

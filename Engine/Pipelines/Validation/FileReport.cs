using System.Globalization;

namespace Rat.Engine.Pipelines.Validation;

/// <summary>What the checks find in one file while it is validated: the first of each kind, and how many more there are.</summary>
internal sealed class FileReport(string path)
{
    private const int Most = 100;
    private const int Longest = 1000;

    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    public bool IsEmpty => _errors.Count + _warnings.Count == 0;

    public void Error(string message) => _errors.Add(Cut(message));

    public void Warn(string message) => _warnings.Add(Cut(message));

    public FileValidation ToValidation() => new(path, First(_errors), First(_warnings));

    // A message quotes the file, and a file may have a name as long as itself.
    private static string Cut(string message) => message.Length <= Longest ? message : message[..Longest] + "…";

    private static List<string> First(List<string> messages) => messages.Count <= Most
        ? messages
        : [.. messages.Take(Most), string.Create(CultureInfo.InvariantCulture, $"… and {messages.Count - Most} more")];
}

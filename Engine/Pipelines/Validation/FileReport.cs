namespace Rat.Engine.Pipelines.Validation;

/// <summary>What the checks find in one file while it is validated.</summary>
internal sealed class FileReport(string path)
{
    private readonly List<string> _errors = [];
    private readonly List<string> _warnings = [];

    public bool IsEmpty => _errors.Count + _warnings.Count == 0;

    public void Error(string message) => _errors.Add(message);

    public void Warn(string message) => _warnings.Add(message);

    public FileValidation ToValidation() => new(path, _errors, _warnings);
}

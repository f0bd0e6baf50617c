namespace Rat.Engine.Duck;

/// <summary>DuckDB refused or broke off a statement. The message is DuckDB's own and may hold paths: <see cref="DuckErrorText.Scrub"/>.</summary>
internal sealed class DuckException(DuckErrorKind kind, string message) : Exception(message)
{
    /// <param name="message">Begins with DuckDB's name of the kind.</param>
    public DuckException(string message)
        : this(DuckErrorKinds.Of(message), message)
    {
    }

    public DuckErrorKind Kind { get; } = kind;

    /// <summary>A write of DuckDB found no space; it tells so in words of the system only.</summary>
    public bool IsDiskFull => Kind == DuckErrorKind.Io && Message.Contains("No space left on device", StringComparison.Ordinal);

    public bool IsInterrupted => Kind == DuckErrorKind.Interrupt;
}

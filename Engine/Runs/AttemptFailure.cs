using Rat.Engine.Duck;
using Rat.Storage;

namespace Rat.Engine.Runs;

/// <summary>Whether the same attempt again could end otherwise.</summary>
internal enum RetryRule
{
    /// <summary>No: the source, the settings, a reference or the rows themselves are wrong.</summary>
    Never,

    /// <summary>Perhaps, so <c>max_retries</c> decides: a file that can't be read, a full disk, memory, values that come from elsewhere.</summary>
    IfConfigured,

    /// <summary>Yes, on the table's new state; a few times, whatever is configured.</summary>
    AtOnce,
}

/// <summary>Why an attempt of a run came to nothing.</summary>
internal sealed record AttemptFailure(Failure Cause, RetryRule Rule)
{
    /// <summary>Failures that are values were found by looking at what the pipeline says: they stay.</summary>
    public static implicit operator AttemptFailure(Failure cause) => new(cause, RetryRule.Never);

    /// <summary>What DuckDB refused before it began to execute stays as it is; anything later may pass.</summary>
    public static AttemptFailure Of(DuckException exception, ErrorTexts errors) => new(
        errors.ToFailure(exception),
        exception.Kind is DuckErrorKind.Parser or DuckErrorKind.Binder or DuckErrorKind.Catalog or DuckErrorKind.NotImplemented
            ? RetryRule.Never
            : RetryRule.IfConfigured);

    public static AttemptFailure Conflict(TableName table) => new(
        Failure.Conflict($"conflicting commit: the table {table} was changed by somebody else while the run was executing; nothing was written"),
        RetryRule.AtOnce);
}

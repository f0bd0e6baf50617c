using Rat.Storage;

namespace Rat.Engine.Duck;

/// <summary>Turns what DuckDB throws into what a person may read: no path of this machine, no address, no stack (engine.md 4.1, 8.4).</summary>
internal sealed class ErrorTexts(DataDirectory directory, EngineSettings settings)
{
    public Failure ToFailure(DuckException exception) => exception.Kind is DuckErrorKind.Fatal or DuckErrorKind.Internal
        ? Failure.Unavailable("the query engine broke at this statement and was replaced; statements of others go on")
        : Failure.Invalid(Scrub(exception.Message));

    /// <summary>A landing file is named by its address, everything else below the data directory by its place in it.</summary>
    public string Scrub(string message) => DuckErrorText.Scrub(
        message,
        new PublicAddress(directory.Objects, $"s3://{settings.Bucket}"),
        new PublicAddress(Path.Combine(directory.Cache, DataDirectory.LandingCopies) + "/", $"s3://{settings.Bucket}") { VersionLength = Guid.Empty.ToString().Length },
        new PublicAddress(directory.Root + Path.DirectorySeparatorChar, ""));

    /// <summary>The columns of a result. DuckDB names an expression by its text, and that of a subquery over landing files holds their paths.</summary>
    public IReadOnlyList<DuckColumn> Scrub(IReadOnlyList<DuckColumn> columns) =>
        columns.Any(column => column.Name.Contains(directory.Root, StringComparison.Ordinal))
            ? [.. columns.Select(column => column with { Name = Scrub(column.Name) })]
            : columns;
}

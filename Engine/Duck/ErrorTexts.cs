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
        message, (directory.Objects, $"s3://{settings.Bucket}"), (directory.Root + Path.DirectorySeparatorChar, ""));
}

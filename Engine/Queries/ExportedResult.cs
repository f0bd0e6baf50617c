namespace Rat.Engine.Queries;

/// <summary>A whole result in a file that is gone once this is disposed; its statement has ended without an error.</summary>
/// <param name="Content">At its beginning.</param>
internal sealed record ExportedResult(ExportFormat Format, FileStream Content) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

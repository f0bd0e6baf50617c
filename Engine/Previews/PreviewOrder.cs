using Rat.Storage;

namespace Rat.Engine.Previews;

/// <summary>What is to be previewed.</summary>
/// <param name="Limit">Most rows to answer, 1 to <see cref="MostRows"/>.</param>
/// <param name="Code">A source to take in place of the stored one; null takes the draft.</param>
/// <param name="SampleFiles">Keys that landing zones are narrowed to; none leaves them as they are.</param>
internal sealed record PreviewOrder(TableName Pipeline, int Limit, string? Code, IReadOnlyList<string> SampleFiles)
{
    public const int StandardRows = 100;
    public const int MostRows = 1000;
}

namespace Rat.Storage.Lake;

/// <summary>A retained snapshot, with what the table's metadata says of it ready to be written again.</summary>
/// <param name="Json">Its element of <c>snapshots</c>.</param>
internal sealed record PastSnapshot(
    long SequenceNumber, long Id, int SchemaId, long CommittedAt, string ManifestList, ReadOnlyMemory<byte> Json);

using Rat.Storage.Backup;
using Rat.Storage.Objects.S3;

namespace Rat.Storage.Objects;

/// <summary>What a server with storage in a bucket tells of it.</summary>
internal sealed record ObjectStoreFigures(S3Counters Requests, ObjectCache Cache, DelayedDeletes Deletes);

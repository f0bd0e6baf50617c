using Rat.Storage;

namespace Rat.Engine.Observation;

/// <summary>
/// One line of <c>/health/ready</c>. Every room registers its own as a service of this type; when a key is registered twice the later one
/// counts.
/// </summary>
/// <param name="Key"><c>database</c>, <c>storage</c>, <c>runner</c> or <c>query</c> (DECISIONS 9).</param>
/// <param name="RunAsync">Null when well. It has 2 s; past that, or when it throws, the part counts as failed.</param>
internal sealed record ReadinessCheck(string Key, Func<CancellationToken, Task<Failure?>> RunAsync);

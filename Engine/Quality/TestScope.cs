using Rat.Engine.Queries;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Quality;

/// <summary>What the quality tests of one run, or of one call, are held against.</summary>
/// <param name="Pins">The state of the catalog that other tables are read from.</param>
/// <param name="This">The pipeline's own table: as the run has staged it, else as it is committed; null when there is none.</param>
/// <param name="Previous">The table without what the run has staged; null when there is none.</param>
/// <param name="StartedAt">Of the run.</param>
internal sealed record TestScope(TableName Pipeline, CatalogPins Pins, TableState? This, TableState? Previous, DateTimeOffset StartedAt);

namespace Rat.Storage.Metadata;

/// <summary>The tables that lists are read from. Each changes on its own, see <see cref="TableVersions"/>.</summary>
[Flags]
internal enum ListedTables
{
    None = 0,
    Namespaces = 1 << 0,
    Pipelines = 1 << 1,
    PipelineVersions = 1 << 2,
    Files = 1 << 3,
    LandingZones = 1 << 4,
    LandingFiles = 1 << 5,
    Runs = 1 << 6,
    Schedules = 1 << 7,
    Triggers = 1 << 8,
    LakeTables = 1 << 9,
    TableDescriptions = 1 << 10,
    AuditLog = 1 << 11,
}

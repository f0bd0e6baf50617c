using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Namespaces;

/// <summary>Makes, describes and removes namespaces.</summary>
internal sealed class NamespaceService(MetadataDatabase database, TimeProvider time)
{
    public const string Default = "default";

    private const int LongestName = 63;

    // A namespace is a catalog in DuckDB: the first six can't be attached or are shadowed; a layer's name would make `silver.orders` ambiguous.
    private static readonly HashSet<string> Reserved =
        ["main", "memory", "system", "temp", "information_schema", "pg_catalog", Layer.Bronze, Layer.Silver, Layer.Gold];

    public async Task<Outcome<NamespaceRow>> CreateAsync(string name, string description, CancellationToken cancellation)
    {
        if (Check(name) is { } failure)
            return failure;
        var row = new NamespaceRow(name, description, CreatedBy: null, Timestamps.ToMicroseconds(time.GetUtcNow()));
        return await database.WriteAsync(connection => NamespaceStore.TryInsert(connection, row), cancellation)
            ? row
            : Failure.AlreadyExists($"namespace {name} already exists");
    }

    public async Task<Outcome<bool>> DescribeAsync(string name, string description) =>
        await database.WriteAsync(connection => NamespaceStore.TryDescribe(connection, name, description)) ? true : Missing;

    /// <summary>Removes a namespace that has nothing left in it.</summary>
    public async Task<Outcome<bool>> DeleteAsync(string name)
    {
        if (name == Default)
            return Failure.Forbidden("cannot delete the default namespace");
        return await database.WriteAsync<Outcome<bool>>(connection =>
        {
            if (!NamespaceStore.Exists(connection, name))
                return Missing;
            var (pipelines, zones) = NamespaceStore.CountContents(connection, name);
            if (pipelines + zones > 0)
                return Failure.Conflict($"namespace {name} is not empty: {pipelines} pipelines, {zones} landing zones");
            NamespaceStore.TryDelete(connection, name);
            return true;
        });
    }

    private static Failure Missing => Failure.NotFound("namespace not found");

    private static Failure? Check(string name) => name switch
    {
        "" => Failure.Invalid("name is required"),
        _ when !Slug.IsValid(name) => Failure.Invalid($"name {Slug.Rule}"),
        _ when name.Length > LongestName => Failure.Invalid($"name must be at most {LongestName} characters"),
        _ when Reserved.Contains(name) => Failure.Invalid($"name {name} is reserved: it is a layer, or a name of the query engine's own"),
        _ => null,
    };
}

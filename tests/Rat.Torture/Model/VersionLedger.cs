using System.Text.Json;

namespace Rat.Torture.Model;

/// <summary>A step after which the versions of a table are looked at.</summary>
/// <param name="Before">The model's table before it.</param>
/// <param name="Inserted">Rows that the model put in; null when the step was no run.</param>
/// <param name="Commits">Whether it must have made a version.</param>
internal sealed record CommittedStep(ModelTable? Before, ModelTable? After, int? Inserted, bool Commits);

/// <summary>Every version of one table: read by an independent reader, held against the model and against the specification.</summary>
internal sealed class VersionLedger(VersionReader reader, string table, Shares shares, Checks checks)
{
    private readonly Dictionary<long, int> _schemas = [];

    /// <summary>Returns the id of the version that the step made; null when it made none.</summary>
    /// <exception cref="MismatchException"/>
    public async Task<long?> ReadAsync(string metadataFile, CommittedStep step)
    {
        var answer = await reader.ReadAsync(table, metadataFile);
        if (answer.TryGetProperty("error", out var error))
            throw new MismatchException("an independent reader reads every version", $"{error.GetString()}\n    in {metadataFile}");
        var violations = answer.GetProperty("violations").EnumerateArray().Select(violation => violation.GetString()!).ToList();
        if (violations.Count > 0)
        {
            throw new MismatchException(
                "metadata and manifests are as the Iceberg specification says", string.Join("\n    ", violations.Take(8)));
        }

        checks.That(true, "metadata and manifests are as the Iceberg specification says");

        long? made = null;
        foreach (var version in answer.GetProperty("snapshots").EnumerateArray())
        {
            // Maintenance may come before or after; it changes no rows.
            var isCompaction = version.GetProperty("summary").GetProperty("operation").GetString() == "replace";
            if (!isCompaction && made is not null)
                throw new MismatchException("a run makes one version", version.GetProperty("summary").ToString());
            if (!isCompaction)
                made = version.GetProperty("id").GetInt64();
            Compare(version, made is null ? step.Before : step.After);
            Count(version, isCompaction, isCompaction ? null : step.Inserted);
        }

        return made is not null == step.Commits
            ? made
            : throw new MismatchException("a version is made when rows change, and only then", made is null ? "none was made" : $"version {made}");
    }

    private void Compare(JsonElement version, ModelTable? expected)
    {
        var difference = expected is null ? "there should be no table" : Difference.OfReader(version, expected);
        if (difference is not null)
        {
            throw new MismatchException(
                "an independent reader finds the model's rows in every version",
                $"version {version.GetProperty("id")} {version.GetProperty("summary")}\n    {difference}");
        }

        checks.That(true, "an independent reader finds the model's rows in every version");
    }

    private void Count(JsonElement version, bool isCompaction, int? inserted)
    {
        shares.Count(Shares.Commits);
        var (id, schema) = (version.GetProperty("id").GetInt64(), version.GetProperty("schemaId").GetInt32());
        var isSchemaChange = version.GetProperty("parent") is { ValueKind: JsonValueKind.Number } parent
            && _schemas.GetValueOrDefault(parent.GetInt64(), schema) != schema;
        _schemas[id] = schema;
        if (isCompaction)
            shares.Count("compaction");
        if (isSchemaChange)
            shares.Count("schema change");
        if (version.GetProperty("addedDeleteFiles").GetInt32() > 0)
            shares.Count("position deletes");
        // Rows that stayed were written again, which widening does too.
        if (inserted is { } rows && !isSchemaChange && version.GetProperty("addedDataRows").GetInt64() > rows)
            shares.Count("copy-on-write");
        shares.Count("rows read by icebird", version.GetProperty("rowCount").GetInt32());
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>What a source refers to, as it is written there.</summary>
internal sealed record SourceRefs(IReadOnlyList<string> Refs, IReadOnlyList<string> Zones)
{
    public static SourceRefs None { get; } = new([], []);
}

/// <summary>The table <c>source_refs</c>.</summary>
internal static class SourceRefsStore
{
    /// <summary>Stores what was found in versions, but for those that have been removed since.</summary>
    public static void Insert(SqliteConnection connection, IEnumerable<(string VersionId, SourceRefs Refs)> found)
    {
        foreach (var (versionId, refs) in found)
        {
            using var insert = connection.Prepared("""
                INSERT INTO source_refs SELECT version_id, $refs, $zones FROM files WHERE version_id = $version_id ON CONFLICT DO NOTHING
                """);
            insert.Bind("$version_id", versionId).Bind("$refs", TextOf(refs.Refs)).Bind("$zones", TextOf(refs.Zones)).Read();
        }
    }

    public static SourceRefs Parse(ReadOnlySpan<byte> refs, ReadOnlySpan<byte> zones) => new(ListOf(refs), ListOf(zones));

    private static string TextOf(IReadOnlyList<string> texts) => JsonSerializer.Serialize(texts, SourceRefsJson.Default.IReadOnlyListString);

    private static IReadOnlyList<string> ListOf(ReadOnlySpan<byte> json) =>
        json.SequenceEqual("[]"u8) ? [] : JsonSerializer.Deserialize(json, SourceRefsJson.Default.IReadOnlyListString)!;
}

/// <summary>JSON that is kept in columns of <c>source_refs</c>.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class SourceRefsJson : JsonSerializerContext;

using System.Text;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>What a metadata file says of itself first (Iceberg specification, "Table Metadata").</summary>
/// <param name="IsComplete">Whether it is a JSON object with both fields, from its first byte to its last.</param>
internal sealed record MetadataHead(int FormatVersion, string TableId, bool IsComplete)
{
    public const int KnownVersion = 2;

    // rat writes both fields at the beginning, and the file of a table with 500 snapshots has 350 kB: only those of other programs are read whole.
    private const int Enough = 4096;
    private const long Largest = 256L * 1024 * 1024;

    private static readonly MetadataHead Damaged = new(0, "", IsComplete: false);

    /// <summary>Null when there is no such file.</summary>
    public static MetadataHead? Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[Math.Min(Enough, file.Length)];
            file.ReadExactly(head);
            if (!EndsWithBrace(file))
                return Damaged;
            return ReadFields(head, isWhole: head.Length == file.Length) ?? ReadWhole(file);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            return Damaged;
        }
    }

    private static MetadataHead? ReadFields(ReadOnlySpan<byte> json, bool isWhole)
    {
        var reader = new Utf8JsonReader(json, isWhole, default);
        int? version = null;
        string? id = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return Damaged;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("format-version"u8);
            var isId = reader.ValueTextEquals("table-uuid"u8);
            if (isVersion || isId ? !reader.Read() : !reader.TrySkip())
                return null;
            if (isVersion && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number))
                version = number;
            if (isId && reader.TokenType == JsonTokenType.String)
                id = reader.GetString();
            if (version is not null && id is not null)
                return new MetadataHead(version.Value, id, IsComplete: true);
        }

        return isWhole ? Damaged : null;
    }

    private static MetadataHead ReadWhole(FileStream file)
    {
        if (file.Length > Largest)
            return Damaged;
        var bytes = new byte[file.Length];
        file.Position = 0;
        file.ReadExactly(bytes);
        return ReadFields(bytes, isWhole: true) ?? Damaged;
    }

    private static bool EndsWithBrace(FileStream file)
    {
        Span<byte> tail = stackalloc byte[16];
        var length = (int)Math.Min(tail.Length, file.Length);
        file.Position = file.Length - length;
        file.ReadExactly(tail[..length]);
        return Encoding.UTF8.GetString(tail[..length]).TrimEnd().EndsWith('}');
    }
}

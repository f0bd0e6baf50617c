using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>What people wrote about a table. Times in microseconds since the epoch.</summary>
/// <param name="Description">Empty when there is none.</param>
/// <param name="Columns">Text by the column's name; a column needn't exist.</param>
internal sealed record TableDescriptionRow(
    Guid Id,
    TableName Name,
    string Description,
    string? Owner,
    IReadOnlyDictionary<string, string> Columns,
    long CreatedAt,
    long UpdatedAt);

/// <summary>The table <c>table_descriptions</c>.</summary>
internal static class TableDescriptionStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.TableDescriptions;

    private const string Fields = "id, namespace, layer, name, description, owner, column_descriptions, created_at, updated_at";

    public static TableDescriptionRow? Find(SqliteConnection connection, TableName name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Fields} FROM table_descriptions WHERE namespace = $namespace AND layer = $layer AND name = $name";
        AddName(command, name);
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadRow(reader) : null;
    }

    /// <summary>The descriptions that aren't empty, of the tables that match.</summary>
    public static Dictionary<TableName, string> List(SqliteConnection connection, string? ns, string? layer)
    {
        using var rows = connection.Prepared($"""
            SELECT namespace, layer, name, description FROM table_descriptions {TableFilter.Where(ns, layer)} AND description <> ''
            """).Bind(TableFilter.Parameters(ns, layer));
        var descriptions = new Dictionary<TableName, string>();
        while (rows.Read())
            descriptions[new TableName(rows.Text(0), rows.Text(1), rows.Text(2))] = rows.Text(3);
        return descriptions;
    }

    /// <summary>Stores the row, in place of the one of that table if there is one.</summary>
    public static void Upsert(SqliteConnection connection, TableDescriptionRow row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO table_descriptions ({Fields})
            VALUES ($id, $namespace, $layer, $name, $description, $owner, $column_descriptions, $created_at, $updated_at)
            ON CONFLICT (namespace, layer, name) DO UPDATE
            SET description = excluded.description, owner = excluded.owner, column_descriptions = excluded.column_descriptions,
                updated_at = excluded.updated_at
            """;
        command.Parameters.AddWithValue("$id", row.Id.ToString());
        AddName(command, row.Name);
        command.Parameters.AddWithValue("$description", row.Description);
        command.Parameters.AddWithValue("$owner", (object?)row.Owner ?? DBNull.Value);
        command.Parameters.AddWithValue(
            "$column_descriptions", JsonSerializer.Serialize(row.Columns, TableDescriptionJson.Default.IReadOnlyDictionaryStringString));
        command.Parameters.AddWithValue("$created_at", row.CreatedAt);
        command.Parameters.AddWithValue("$updated_at", row.UpdatedAt);
        command.ExecuteNonQuery();
    }

    private static void AddName(SqliteCommand command, TableName name)
    {
        command.Parameters.AddWithValue("$namespace", name.Namespace);
        command.Parameters.AddWithValue("$layer", name.Layer);
        command.Parameters.AddWithValue("$name", name.Name);
    }

    private static TableDescriptionRow ReadRow(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        new TableName(reader.GetString(1), reader.GetString(2), reader.GetString(3)),
        reader.GetString(4),
        reader.IsDBNull(5) ? null : reader.GetString(5),
        JsonSerializer.Deserialize(reader.GetString(6), TableDescriptionJson.Default.IReadOnlyDictionaryStringString)!,
        reader.GetInt64(7),
        reader.GetInt64(8));
}

/// <summary>JSON that is kept in columns of <c>table_descriptions</c>.</summary>
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class TableDescriptionJson : JsonSerializerContext;

using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>list_counts</c>, which triggers of the database keep.</summary>
internal static class ListCounts
{
    public const string Namespaces = "namespaces";
    public const string Zones = "zones";
    public const string Schedules = "schedules";

    /// <param name="key">Empty is all.</param>
    public static long Read(SqliteConnection connection, string list, string key = "")
    {
        using var row = connection.Prepared("SELECT count FROM list_counts WHERE list = $list AND key = $key").Bind("$list", list).Bind("$key", key);
        return row.Read() ? row.Integer(0) : 0;
    }
}

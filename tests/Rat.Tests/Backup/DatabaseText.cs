using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Rat.Tests.Backup;

/// <summary>A database as text: what two have in common.</summary>
internal static class DatabaseText
{
    /// <summary>Every table, every row.</summary>
    public static string Of(SqliteConnection connection)
    {
        var text = new StringBuilder();
        foreach (var (name, sql) in Tables(connection))
        {
            text.AppendLine(sql);
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{name}\"";
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                for (var column = 0; column < rows.FieldCount; column++)
                    text.Append(rows.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(rows.GetValue(column), CultureInfo.InvariantCulture)).Append('|');
                text.AppendLine();
            }
        }

        return text.ToString();
    }

    /// <summary>Of a file, which is checked as well, and stays as it is.</summary>
    public static string Of(string file)
    {
        var copy = $"{file}.{Guid.NewGuid():N}";
        File.Copy(file, copy);
        try
        {
            using var connection = new SqliteConnection($"Data Source={copy};Pooling=False");
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", check.ExecuteScalar());
            return Of(connection);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static List<(string Name, string Sql)> Tables(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, sql FROM sqlite_schema WHERE type = 'table' ORDER BY name";
        using var rows = command.ExecuteReader();
        var tables = new List<(string, string)>();
        while (rows.Read())
            tables.Add((rows.GetString(0), rows.GetString(1)));
        return tables;
    }
}

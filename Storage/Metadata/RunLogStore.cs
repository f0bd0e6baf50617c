using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>run_logs</c>: the lines of each run, by position from 0.</summary>
internal static class RunLogStore
{
    /// <summary>Stores lines that follow each other, the first of them at <paramref name="position"/>. Lines that are stored already are
    /// passed over: the last write of a run repeats what an earlier one still had under way.</summary>
    public static void Append(SqliteConnection connection, Guid runId, int position, IEnumerable<RunLogLine> lines)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO run_logs (run_id, position, time, level, message) VALUES ($run_id, $position, $time, $level, $message)
            ON CONFLICT DO NOTHING
            """;
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        var positionParameter = command.Parameters.Add("$position", SqliteType.Integer);
        var time = command.Parameters.Add("$time", SqliteType.Integer);
        var level = command.Parameters.Add("$level", SqliteType.Text);
        var message = command.Parameters.Add("$message", SqliteType.Text);
        foreach (var line in lines)
        {
            positionParameter.Value = position++;
            time.Value = Timestamps.ToMicroseconds(line.Time);
            level.Value = line.Level;
            message.Value = line.Message;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>All stored lines of a run, in order.</summary>
    public static IReadOnlyList<RunLogLine> Read(SqliteConnection connection, Guid runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT time, level, message FROM run_logs WHERE run_id = $run_id ORDER BY position";
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        using var reader = command.ExecuteReader();
        var lines = new List<RunLogLine>();
        while (reader.Read())
            lines.Add(new RunLogLine(Timestamps.FromMicroseconds(reader.GetInt64(0)), reader.GetString(1), reader.GetString(2)));
        return lines;
    }

    /// <summary>How many lines of a run are stored.</summary>
    public static int Count(SqliteConnection connection, Guid runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(position) + 1, 0) FROM run_logs WHERE run_id = $run_id";
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        return (int)(long)command.ExecuteScalar()!;
    }
}

using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>runs</c>. Every change of a run's state is a compare-and-set: a final state is never left.</summary>
internal static class RunStore
{
    private const string Columns = """
        id, pipeline_id, namespace, layer, pipeline, status, trigger, automatic, restarts,
        created_at, started_at, finished_at, duration_ms, rows_written, error
        """;

    /// <summary>Queues a run.</summary>
    public static void Insert(SqliteConnection connection, RunRow run)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO runs (id, seq, pipeline_id, namespace, layer, pipeline, status, trigger, automatic, restarts, created_at)
            VALUES ($id, (SELECT coalesce(max(seq), 0) + 1 FROM runs), $pipeline_id, $namespace, $layer, $pipeline, 'pending', $trigger,
                    $automatic, $restarts, $created_at)
            """;
        command.Parameters.AddWithValue("$id", run.Id.ToString());
        command.Parameters.AddWithValue("$pipeline_id", run.PipelineId.ToString());
        command.Parameters.AddWithValue("$namespace", run.Pipeline.Namespace);
        command.Parameters.AddWithValue("$layer", run.Pipeline.Layer);
        command.Parameters.AddWithValue("$pipeline", run.Pipeline.Name);
        command.Parameters.AddWithValue("$trigger", run.Trigger);
        command.Parameters.AddWithValue("$automatic", run.Automatic);
        command.Parameters.AddWithValue("$restarts", run.Restarts);
        command.Parameters.AddWithValue("$created_at", Timestamps.ToMicroseconds(run.CreatedAt));
        command.ExecuteNonQuery();
    }

    /// <summary>The run, or null.</summary>
    public static RunRow? Find(SqliteConnection connection, Guid id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM runs WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadRow(reader) : null;
    }

    /// <summary>Runs that are waiting or executing, in the order they came.</summary>
    public static IReadOnlyList<RunRow> Active(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM runs WHERE status IN ('pending', 'running') ORDER BY seq";
        using var reader = command.ExecuteReader();
        var runs = new List<RunRow>();
        while (reader.Read())
            runs.Add(ReadRow(reader));
        return runs;
    }

    /// <summary>One page of the runs that match, and how many match in all.</summary>
    public static (IReadOnlyList<RunRow> Runs, long Total) List(SqliteConnection connection, RunFilter filter)
    {
        using var command = connection.CreateCommand();
        var where = Where(command, filter);
        command.CommandText = $"{Count(filter)} {where}";
        var total = (long)command.ExecuteScalar()!;
        var window = PageWindow.Of(filter.Limit, filter.Offset, total);
        if (window.Limit == 0)
            return ([], total);

        var column = SortColumn(filter.Sort);
        // started_at, finished_at and duration_ms can be NULL; saying where NULLs go would keep SQLite from using the index of the others.
        var nulls = column is "started_at" or "finished_at" or "duration_ms" ? $" NULLS {(window.IsTurned ? "FIRST" : "LAST")}" : "";
        command.CommandText = $"""
            SELECT {Columns} FROM runs {where}
            ORDER BY {column} {window.Direction(!filter.Ascending)}{nulls}, id {window.Direction(isDescending: false)} LIMIT $limit OFFSET $offset
            """;
        command.Parameters.AddWithValue("$limit", window.Limit);
        command.Parameters.AddWithValue("$offset", window.Offset);
        using var reader = command.ExecuteReader();
        var runs = new List<RunRow>(window.Limit);
        while (reader.Read())
            runs.Add(ReadRow(reader));
        if (window.IsTurned)
            runs.Reverse();
        return (runs, total);
    }

    /// <summary><c>pending → running</c>. False when the run is no longer pending.</summary>
    public static bool TryStart(SqliteConnection connection, Guid id, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE runs SET status = 'running', started_at = $now WHERE id = $id AND status = 'pending'";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$now", Timestamps.ToMicroseconds(now));
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary><c>pending | running → result.Status</c>. False when the run has ended already: then nothing of the caller's transaction may stay.</summary>
    public static bool TryFinish(SqliteConnection connection, Guid id, RunResult result, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE runs
            SET status = $status, finished_at = $now, duration_ms = $duration_ms, rows_written = $rows_written, error = $error,
                phase_profile = $phase_profile
            WHERE id = $id AND status IN ('pending', 'running')
            """;
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$status", result.Status.ToText());
        command.Parameters.AddWithValue("$now", Timestamps.ToMicroseconds(now));
        command.Parameters.AddWithValue("$duration_ms", result.DurationMs);
        command.Parameters.AddWithValue("$rows_written", (object?)result.RowsWritten ?? DBNull.Value);
        command.Parameters.AddWithValue("$error", (object?)result.Error ?? DBNull.Value);
        command.Parameters.AddWithValue("$phase_profile", (object?)result.PhaseProfile ?? DBNull.Value);
        return command.ExecuteNonQuery() == 1;
    }

    // Counts are kept by name and status; only a range of times has to be counted.
    private static string Count(RunFilter filter) => filter switch
    {
        { CreatedFrom: not null } or { CreatedBefore: not null } or { StartedAfter: not null } or { StartedBefore: not null } =>
            "SELECT count(*) FROM runs",
        { Namespace: null, Layer: null, Pipeline: null } => "SELECT coalesce(sum(count), 0) FROM run_totals",
        _ => "SELECT coalesce(sum(count), 0) FROM run_counts",
    };

    private static string SortColumn(string sort) => sort switch
    {
        "started_at" or "finished_at" or "status" or "trigger" or "duration_ms" => sort,
        _ => "created_at",
    };

    private static string Where(SqliteCommand command, RunFilter filter)
    {
        var where = new StringBuilder();
        Add("namespace = ", "$namespace", filter.Namespace);
        Add("layer = ", "$layer", filter.Layer);
        Add("pipeline = ", "$pipeline", filter.Pipeline);
        Add("status = ", "$status", filter.Status);
        Add("created_at >= ", "$created_from", Microseconds(filter.CreatedFrom));
        Add("created_at < ", "$created_before", Microseconds(filter.CreatedBefore));
        Add("started_at > ", "$started_after", Microseconds(filter.StartedAfter));
        Add("started_at < ", "$started_before", Microseconds(filter.StartedBefore));
        return where.ToString();

        void Add(string condition, string parameter, object? value)
        {
            if (value is null)
                return;
            where.Append(where.Length == 0 ? "WHERE " : " AND ").Append(CultureInfo.InvariantCulture, $"{condition}{parameter}");
            command.Parameters.AddWithValue(parameter, value);
        }
    }

    private static long? Microseconds(DateTimeOffset? time) => time is { } value ? Timestamps.ToMicroseconds(value) : null;

    private static RunRow ReadRow(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        Guid.Parse(reader.GetString(1)),
        new TableName(reader.GetString(2), reader.GetString(3), reader.GetString(4)),
        RunStatusText.Parse(reader.GetString(5)),
        reader.GetString(6),
        reader.GetBoolean(7),
        reader.GetInt32(8),
        Timestamps.FromMicroseconds(reader.GetInt64(9)),
        reader.IsDBNull(10) ? null : Timestamps.FromMicroseconds(reader.GetInt64(10)),
        reader.IsDBNull(11) ? null : Timestamps.FromMicroseconds(reader.GetInt64(11)),
        reader.IsDBNull(12) ? null : reader.GetInt64(12),
        reader.IsDBNull(13) ? null : reader.GetInt64(13),
        reader.IsDBNull(14) ? null : reader.GetString(14));
}

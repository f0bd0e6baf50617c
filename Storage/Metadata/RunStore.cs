using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>runs</c>. Every change of a run's state is a compare-and-set: a final state is never left.</summary>
internal static class RunStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.Runs;

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
        using var rows = connection.Prepared($"SELECT {Columns} FROM runs WHERE id = $id").Bind("$id", id.ToString());
        return rows.Read() ? ReadRow(rows) : null;
    }

    /// <summary>Runs that are waiting or executing, in the order they came.</summary>
    public static IReadOnlyList<RunRow> Active(SqliteConnection connection)
    {
        using var rows = connection.Prepared($"SELECT {Columns} FROM runs WHERE status IN ('pending', 'running') ORDER BY seq");
        var runs = new List<RunRow>();
        while (rows.Read())
            runs.Add(ReadRow(rows));
        return runs;
    }

    /// <summary>One page of the runs that match, and how many match in all.</summary>
    public static (IReadOnlyList<RunRow> Runs, long Total) List(SqliteConnection connection, RunFilter filter)
    {
        var (where, parameters) = Where(filter);
        long total;
        using (var count = connection.Prepared($"{Count(filter)} {where}").Bind(parameters))
            total = count.ReadNumber();
        var window = PageWindow.Of(filter.Limit, filter.Offset, total);
        if (window.Limit == 0)
            return ([], total);

        var column = SortColumn(filter.Sort);
        // started_at, finished_at and duration_ms can be NULL; saying where NULLs go would keep SQLite from using the index of the others.
        var nulls = column is "started_at" or "finished_at" or "duration_ms" ? $" NULLS {(window.IsTurned ? "FIRST" : "LAST")}" : "";
        using var rows = connection.Prepared($"""
            SELECT {Columns} FROM runs {where}
            ORDER BY {column} {window.Direction(!filter.Ascending)}{nulls}, id {window.Direction(isDescending: false)} LIMIT $limit OFFSET $offset
            """).Bind(parameters).Bind("$limit", window.Limit).Bind("$offset", window.Offset);
        var runs = new List<RunRow>(window.Limit);
        while (rows.Read())
            runs.Add(ReadRow(rows));
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

    private static (string Where, (string Name, object Value)[] Parameters) Where(RunFilter filter)
    {
        var where = new StringBuilder();
        var parameters = new List<(string Name, object Value)>();
        Add("namespace = ", "$namespace", filter.Namespace);
        Add("layer = ", "$layer", filter.Layer);
        Add("pipeline = ", "$pipeline", filter.Pipeline);
        Add("status = ", "$status", filter.Status);
        Add("created_at >= ", "$created_from", Microseconds(filter.CreatedFrom));
        Add("created_at < ", "$created_before", Microseconds(filter.CreatedBefore));
        Add("started_at > ", "$started_after", Microseconds(filter.StartedAfter));
        Add("started_at < ", "$started_before", Microseconds(filter.StartedBefore));
        return (where.ToString(), [.. parameters]);

        void Add(string condition, string parameter, object? value)
        {
            if (value is null)
                return;
            where.Append(where.Length == 0 ? "WHERE " : " AND ").Append(CultureInfo.InvariantCulture, $"{condition}{parameter}");
            parameters.Add((parameter, value));
        }
    }

    private static long? Microseconds(DateTimeOffset? time) => time is { } value ? Timestamps.ToMicroseconds(value) : null;

    private static DateTimeOffset? TimeOrNull(Statement rows, int column) => rows.IntegerOrNull(column) is { } time ? Timestamps.FromMicroseconds(time) : null;

    private static RunRow ReadRow(Statement rows) => new(
        rows.Id(0),
        rows.Id(1),
        new TableName(rows.Text(2), rows.Text(3), rows.Text(4)),
        RunStatusText.Parse(rows.Text(5)),
        rows.Text(6),
        rows.Boolean(7),
        (int)rows.Integer(8),
        Timestamps.FromMicroseconds(rows.Integer(9)),
        TimeOrNull(rows, 10),
        TimeOrNull(rows, 11),
        rows.IntegerOrNull(12),
        rows.IntegerOrNull(13),
        rows.TextOrNull(14));
}

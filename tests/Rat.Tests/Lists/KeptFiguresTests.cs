using Microsoft.Data.Sqlite;
using Rat.Tests.Lake;

namespace Rat.Tests.Lists;

/// <summary>What triggers of the database keep is what counting, summing and looking up would give, whatever was written in whatever order.</summary>
public sealed class KeptFiguresTests : IDisposable
{
    private const int Steps = 3000;

    private readonly OpenLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Kept_figures_are_the_counted_ones(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < Steps; step += 100)
        {
            await _lake.Database.WriteAsync(connection =>
            {
                for (var i = 0; i < 100; i++)
                    Execute(connection, Step(random));
                return true;
            });
            _lake.Database.Read(connection =>
            {
                Same(connection, "SELECT count(*) FROM namespaces", "SELECT count FROM list_counts WHERE list = 'namespaces'");
                Same(connection, "SELECT count(*) FROM landing_zones", "SELECT count FROM list_counts WHERE list = 'zones' AND key = ''");
                Same(connection, "SELECT namespace, count(*) FROM landing_zones GROUP BY 1 ORDER BY 1",
                    "SELECT key, count FROM list_counts WHERE list = 'zones' AND key <> '' AND count <> 0 ORDER BY 1");
                Same(connection, "SELECT count(*) FROM schedules JOIN pipelines AS p ON p.id = pipeline_id WHERE p.deleted_at IS NULL",
                    "SELECT count FROM list_counts WHERE list = 'schedules'");
                Same(connection, """
                    SELECT z.id, count(f.id), coalesce(sum(f.size), 0) FROM landing_zones AS z LEFT JOIN landing_files AS f ON f.zone_id = z.id GROUP BY z.id
                    """, "SELECT id, file_count, total_bytes FROM landing_zones ORDER BY id");
                Same(connection, """
                    SELECT pipeline_id, id, status, created_at, started_at, finished_at, duration_ms FROM
                      (SELECT *, row_number() OVER (PARTITION BY pipeline_id ORDER BY created_at DESC, id) AS place FROM runs)
                    WHERE place = 1 ORDER BY 1
                    """, "SELECT pipeline_id, run_id, status, created_at, started_at, finished_at, duration_ms FROM last_runs ORDER BY 1");
                return true;
            });
        }
    }

    // Few names and few times, so that they meet.
    private static string Step(Random random)
    {
        var (id, few, time) = (Guid.NewGuid().ToString(), random.Next(8), random.Next(40));
        var pipeline = $"(SELECT id FROM pipelines ORDER BY abs(random() % 1000) LIMIT 1)";
        var zone = "(SELECT id FROM landing_zones ORDER BY abs(random() % 1000) LIMIT 1)";
        return random.Next(16) switch
        {
            0 => $"INSERT INTO namespaces (name, created_at) VALUES ('n{few}', {time}) ON CONFLICT DO NOTHING",
            1 => $"DELETE FROM namespaces WHERE name = 'n{few}' AND name NOT IN (SELECT namespace FROM pipelines UNION SELECT namespace FROM landing_zones)",
            2 or 3 => $"""
                INSERT INTO pipelines (id, namespace, layer, name, type, created_at, updated_at)
                SELECT '{id}', name, 'bronze', 'p{few}', 'sql', {time}, {time} FROM namespaces ORDER BY name DESC LIMIT 1 ON CONFLICT DO NOTHING
                """,
            4 => $"UPDATE pipelines SET deleted_at = {time} WHERE name = 'p{few}' AND deleted_at IS NULL",
            5 => $"DELETE FROM pipelines WHERE name = 'p{few}' AND (deleted_at IS NOT NULL OR {few} = 0) AND id NOT IN (SELECT pipeline_id FROM runs)",
            6 or 7 => $"""
                INSERT INTO schedules (id, pipeline_id, cron, enabled, counted_from, created_at, updated_at)
                SELECT '{id}', p.id, '* * * * *', 0, 0, 0, 0 FROM (SELECT {pipeline} AS id) AS p WHERE p.id IS NOT NULL
                """,
            8 => "DELETE FROM schedules WHERE rowid % 5 = 0",
            9 => $"""
                INSERT INTO landing_zones (id, namespace, name, created_at, updated_at)
                SELECT '{id}', name, 'z{few}', 0, 0 FROM namespaces ORDER BY name DESC LIMIT 1 ON CONFLICT DO NOTHING
                """,
            10 => $"DELETE FROM landing_zones WHERE name = 'z{few}'",
            11 => $"""
                INSERT INTO landing_files (id, zone_id, filename, key, size, content_type, uploaded_at)
                SELECT '{id}', z.id, 'f', '{id}', {time}, 't', 0 FROM (SELECT {zone} AS id) AS z WHERE z.id IS NOT NULL
                """,
            12 => $"DELETE FROM landing_files WHERE rowid % 5 = {few % 5}; UPDATE landing_files SET size = {time} WHERE rowid % 5 = 0",
            13 or 14 => $"""
                INSERT INTO runs (id, seq, pipeline_id, namespace, layer, pipeline, status, trigger, created_at)
                SELECT '{id}', (SELECT coalesce(max(seq), 0) + 1 FROM runs), p.id, 'n', 'bronze', 'p', 'pending', 'manual', {time}
                FROM (SELECT {pipeline} AS id) AS p WHERE p.id IS NOT NULL;
                UPDATE runs SET status = 'running', started_at = {time} WHERE status = 'pending' AND rowid % 3 = 0;
                UPDATE runs SET status = 'failed', finished_at = {time}, duration_ms = {few} WHERE status = 'running' AND rowid % 2 = 0
                """,
            _ => few < 2 ? $"DELETE FROM runs WHERE pipeline_id = {pipeline}" : $"DELETE FROM runs WHERE created_at = {time}",
        };
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static void Same(SqliteConnection connection, string counted, string kept) => Assert.Equal(Rows(connection, counted), Rows(connection, kept));

    private static List<string> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        return rows;
    }
}

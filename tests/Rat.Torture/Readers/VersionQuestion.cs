using System.Text.Json.Nodes;

namespace Rat.Torture.Readers;

/// <summary>A way to look at the table of <see cref="Versions"/>.</summary>
internal sealed record VersionQuestion(string Name, string Sql, Func<JsonArray, Seen> Read)
{
    private const string Measures = """
        max(version) AS newest, count(*) AS n, sum(id)::BIGINT AS ids, sum(id * version)::BIGINT AS weighted
        """;

    public static IReadOnlyList<VersionQuestion> All { get; } =
    [
        new("aggregates", $"SELECT {Measures}, count(*) FILTER (version = (SELECT max(version) FROM bronze.h)) AS changed FROM bronze.h", OneRow),
        new("streams of rows", "SELECT id, version FROM bronze.h", AllRows),
        new("self joins", """
            SELECT max(x.version) AS newest, count(*) AS n, sum(y.id)::BIGINT AS ids, sum(x.id * y.version)::BIGINT AS weighted,
                   (SELECT count(*) FROM h WHERE version = (SELECT max(version) FROM bronze.h)) AS changed
            FROM bronze.h AS x JOIN default.bronze.h AS y ON x.id = y.id AND x.version = y.version AND x.filling = y.filling
            """, OneRow),
        new("slow aggregates", $"""
            SELECT {Measures}, count(*) FILTER (version = (SELECT max(version) FROM h)) AS changed, max(work) AS work
            FROM (SELECT id, version, max(md5(concat(filling, range))) AS work FROM bronze.h, range(60) GROUP BY ALL)
            """, OneRow),
    ];

    private static Seen OneRow(JsonArray rows) => rows is [{ } row]
        ? new Seen(Number(row["newest"]), Number(row["n"]), Number(row["changed"]), Number(row["ids"]), Number(row["weighted"]))
        : new Seen(-1, rows.Count, 0, 0, 0);

    private static Seen AllRows(JsonArray rows)
    {
        var cells = rows.Select(row => (Id: Number(row!["id"]), Version: Number(row["version"]))).ToList();
        var newest = cells.Max(cell => cell.Version);
        return new Seen(
            newest, cells.Count, cells.Count(cell => cell.Version == newest), cells.Sum(cell => cell.Id), cells.Sum(cell => cell.Id * cell.Version));
    }

    private static long Number(JsonNode? number) => long.Parse(number!.ToString(), System.Globalization.CultureInfo.InvariantCulture);
}

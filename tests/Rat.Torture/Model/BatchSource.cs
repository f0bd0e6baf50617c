using System.Text;
using Rat.Torture.Server;

namespace Rat.Torture.Model;

/// <summary>Gives a pipeline a batch: as literals in its source, or as a file of a landing zone that its source reads.</summary>
internal sealed class BatchSource(RatApi api, string zone, string folder)
{
    private const int MostLiterals = 25;

    private LandedFile? _landed;

    /// <summary>The statement whose result is the batch.</summary>
    public async Task<string> SqlAsync(ModelTable batch, int step)
    {
        await RemoveAsync();
        var columns = string.Join(", ", batch.Columns.Select((column, index) => $"c{index} AS {CellSql.Name(column.Name)}"));
        if (batch.Rows.Count <= MostLiterals)
            return $"SELECT {columns} FROM (VALUES {Literals(batch)}) AS batch({Positions(batch)}){(batch.Rows.Count == 0 ? " WHERE false" : "")}";

        var content = Encoding.UTF8.GetBytes(Lines(batch));
        var name = $"batch-{step:0000}.ndjson";
        await File.WriteAllBytesAsync(Path.Combine(folder, name), content);
        _landed = await api.UploadAsync(zone, name, content);
        var types = string.Join(", ", batch.Columns.Select((column, index) => $"c{index}: {CellSql.Text(column.Type.Sql)}"));
        // Two braces would begin an expression of the template.
        return $"SELECT {columns} FROM read_json('{{{{ landing_zone('{zone}') }}}}/*{name}', format = 'newline_delimited', columns = {{ {types} }})";
    }

    public async Task RemoveAsync()
    {
        if (_landed is not null)
            await api.DeleteLandedAsync(zone, _landed.Id);
        _landed = null;
    }

    // A batch of no rows has its types from a row that is left out.
    private static string Literals(ModelTable batch)
    {
        IReadOnlyList<object?[]> rows = batch.Rows.Count > 0 ? batch.Rows : [new object?[batch.Columns.Count]];
        return string.Join(", ", rows.Select(row =>
            $"({string.Join(", ", row.Zip(batch.Columns, (cell, column) => CellSql.Literal(cell, column.Type)))})"));
    }

    private static string Positions(ModelTable batch) => string.Join(", ", batch.Columns.Select((_, index) => $"c{index}"));

    private static string Lines(ModelTable batch)
    {
        var text = new StringBuilder();
        foreach (var row in batch.Rows)
        {
            var line = new System.Text.Json.Nodes.JsonObject();
            foreach (var (index, column) in batch.Columns.Index())
                line[$"c{index}"] = CellJson.ToLanding(row[index], column.Type);
            text.Append(line.ToJsonString()).Append('\n');
        }

        return text.ToString();
    }
}

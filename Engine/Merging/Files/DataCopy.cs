using Rat.Engine.Duck;
using Rat.Engine.Merging.Relations;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>A COPY under way that writes data files of a table, next to each other in its folder.</summary>
internal sealed class DataCopy : IDisposable
{
    private readonly DuckConnection _connection;
    private readonly DuckResult _result;
    private readonly TargetColumns _columns;
    private readonly PartitionSpec _spec;
    private readonly StagingTarget _target;
    private readonly string? _folders;

    private DataCopy(DuckConnection connection, DuckResult result, TargetColumns columns, PartitionSpec spec, StagingTarget target, string? folders)
    {
        _connection = connection;
        _result = result;
        _columns = columns;
        _spec = spec;
        _target = target;
        _folders = folders;
    }

    /// <param name="rows">A SELECT of the columns' aliases.</param>
    /// <param name="temporary">A folder on the table's disk, for the folders that DuckDB makes of partitions.</param>
    /// <exception cref="DuckException"/>
    public static DataCopy Begin(
        DuckConnection connection, string rows, TargetColumns columns, PartitionSpec spec, StagingTarget target, string temporary)
    {
        if (!spec.IsPartitioned)
        {
            var plain = CopyText.Data($"({rows}) AS written", columns.List, columns.Schema, target.DataFolder, target.FilePrefix);
            return new DataCopy(connection, connection.Query(plain), columns, spec, target, folders: null);
        }

        var folders = Path.Combine(temporary, $"{target.FilePrefix}{Guid.NewGuid()}");
        var folder = new PartitionValues(spec, columns.List).Folder;
        var text = CopyText.Partitioned($"({rows}) AS written", columns.List, columns.Schema, folder, folders, target.FilePrefix);
        return new DataCopy(connection, connection.Query(text), columns, spec, target, folders);
    }

    /// <summary>Waits for the end. A COPY of no rows leaves no file.</summary>
    /// <exception cref="DuckException"/>
    public IReadOnlyList<WrittenFile> Finish()
    {
        var files = CopyResult.Read(_result);
        _result.Dispose();
        if (_folders is not null)
            return WithTuples(Gather(_folders, files));
        foreach (var empty in files.Where(file => file.RowCount == 0))
            File.Delete(PathOf(empty));
        return [.. files.Where(file => file.RowCount > 0)];
    }

    public void Dispose()
    {
        _result.Dispose();
        if (_folders is not null && Directory.Exists(_folders))
            Directory.Delete(_folders, recursive: true);
    }

    // Their names are unique, and nothing knows their places yet.
    private IReadOnlyList<WrittenFile> Gather(string folders, IReadOnlyList<WrittenFile> files)
    {
        if (files.Count == 0)
            return files;
        foreach (var path in Directory.EnumerateFiles(folders, "*", SearchOption.AllDirectories))
            File.Move(path, Path.Combine(_target.DataFolder, Path.GetFileName(path)));
        return files;
    }

    private List<WrittenFile> WithTuples(IReadOnlyList<WrittenFile> files)
    {
        if (files.Count == 0)
            return [];
        var values = new PartitionValues(_spec, _columns.List);
        var sources = _columns.List.Where(column => _spec.Fields.Any(field => field.SourceId == column.Field.Id)).Select(column =>
            $"{column.Field.Id}: {{name: {DuckQuote.Literal(column.Alias)}, type: {DuckQuote.Literal(column.SqlType)}, default_value: NULL}}");
        // Any row of a file tells its tuple; they come in the order of the list.
        using var result = _connection.Query($$"""
            SELECT CAST(file_index AS BIGINT), {{string.Join(", ", values.Texts)}}
            FROM read_parquet([{{string.Join(", ", files.Select(file => DuckQuote.Literal(PathOf(file))))}}],
                schema = MAP { {{string.Join(", ", sources)}} }, hive_partitioning = false)
            WHERE file_row_number = 0
            """);
        var found = new List<WrittenFile>(files.Count);
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                var texts = _spec.Fields.Select((_, field) => chunk.IsNull(field + 1, row) ? null : chunk.GetString(field + 1, row)).ToList();
                found.Add(files[(int)chunk.GetInt64(0, row)] with { Partition = values.Tuple(texts) });
            }
        }

        return found.Count == files.Count ? found : throw new InvalidDataException("a partition's file has no first row");
    }

    private string PathOf(WrittenFile file) => Path.Combine(_target.DataFolder, file.FileName);
}

using Rat.Engine.Duck;
using Rat.Engine.Duck.Arrow;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Types;
using Rat.Engine.Duck.Views;
using Rat.Storage;

namespace Rat.Engine.Queries;

/// <summary>
/// Writes the whole result of a statement to a file below <c>tmp/</c>: what goes wrong in its last row is still a plain refusal, a client that
/// reads slowly holds no connection of DuckDB, and memory doesn't grow with the result. DuckDB writes CSV and Parquet by itself; the other
/// two are written from its vectors.
/// </summary>
internal sealed class ResultExporter(ViewCatalogs views, DataDirectory data, ErrorTexts errors)
{
    /// <summary>Executes the statement and returns its rows, the caller's to dispose.</summary>
    /// <param name="limit">Most rows; null takes all.</param>
    public async Task<Outcome<ExportedResult>> WriteAsync(
        DuckInstance instance, DuckConnection connection, GatedSql statement, long? limit, ExportFormat format, CancellationToken deadline)
    {
        if (!statement.CanWrap)
            return Failure.Invalid("EXPLAIN is answered as JSON only");
        var path = Path.Combine(data.Temporary, $"export-{Guid.NewGuid():N}");
        try
        {
            var started = await StartAsync(instance, connection, statement, limit, format, path, deadline);
            if (!started.Succeeded)
                return started.Failure;
            using (var result = started.Value)
                Read(result, format, path);
            return new ExportedResult(format, new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.DeleteOnClose));
        }
        catch (Exception exception)
        {
            File.Delete(path);
            if (FullDisk.Caused(exception) || exception is DuckException { IsDiskFull: true })
                return FullDisk.Failure;
            throw;
        }
    }

    private async Task<Outcome<DuckResult>> StartAsync(
        DuckInstance instance, DuckConnection connection, GatedSql statement, long? limit, ExportFormat format, string path, CancellationToken deadline)
    {
        // Until the execution has begun the views must keep showing what the gate saw.
        using var lease = await views.Of(instance).AcquireAsync(connection, statement.Reads, deadline);
        IReadOnlyList<DuckColumn> columns;
        using (var asked = connection.Prepare(statement.Text))
        {
            if (asked.Type != DuckStatementType.Select)
                return Failure.Invalid("Only SELECT queries are allowed");
            columns = errors.Scrub(asked.Columns);
        }

        using var prepared = connection.Prepare(TextOf(statement.Text, columns, limit, format, path));
        return prepared.Start();
    }

    private static string TextOf(string sql, IReadOnlyList<DuckColumn> columns, long? limit, ExportFormat format, string path) => format switch
    {
        ExportFormat.Csv => $"COPY ({PortableColumns.Select(sql, columns, _ => null, limit)}) TO {DuckQuote.Literal(path)} "
            + @"(FORMAT csv, HEADER true, NEW_LINE E'\r\n')",
        ExportFormat.Parquet => $"COPY ({PortableColumns.Select(sql, columns, PortableColumns.Stored, limit)}) TO {DuckQuote.Literal(path)} "
            + $"(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, {ParquetVersion.Of(columns.Select(column => DuckTypeName.Of(column.Type)))})",
        ExportFormat.Arrow => PortableColumns.Select(sql, columns, PortableColumns.Plain, limit),
        _ => PortableColumns.Select(sql, columns, _ => null, limit),
    };

    private static void Read(DuckResult result, ExportFormat format, string path)
    {
        if (format is ExportFormat.Csv or ExportFormat.Parquet)
        {
            while (result.TryReadChunk(out _))
            {
            }

            return;
        }

        // Unbuffered: what a full disk refuses has to show here.
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (format == ExportFormat.Arrow)
            WriteArrow(result, file);
        else
            WriteLines(result, file);
    }

    private static void WriteArrow(DuckResult result, FileStream file)
    {
        var writer = new ArrowStreamWriter(file, result.Columns);
        while (result.TryReadChunk(out var chunk))
            writer.Write(chunk);
        writer.End();
    }

    private static void WriteLines(DuckResult result, FileStream file)
    {
        using var lines = new LineWriter(result.Columns, file);
        while (result.TryTakeChunk(out var chunk))
            lines.Write(chunk);
        lines.End();
    }
}

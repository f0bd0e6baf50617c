using System.Text;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Views;

/// <summary>
/// The SQL by which files of a table are read: each by its field ids, with one schema, without the rows that are deleted. Files keep their
/// order, unless some have deletes: DuckDB takes no plan with a join for one whose order counts.
/// </summary>
/// <param name="lakeRoot">The folder that the paths of files lie in.</param>
internal sealed class TableScan(LakeSchema schema, string lakeRoot)
{
    /// <summary>A SELECT of the schema's columns.</summary>
    public string Rows(IReadOnlyList<DataFile> files)
    {
        if (files.Count == 0)
            return Empty();
        return files.All(file => file.Deletes is null) ? $"SELECT * FROM {Reader(files, field => field.Name)}" : Branches(files, null);
    }

    /// <summary>A SELECT of the schema's columns, and of where each row is.</summary>
    /// <param name="files">At least one.</param>
    /// <param name="fileColumn">Name of the column that holds the file's index in <paramref name="files"/>, a BIGINT.</param>
    /// <param name="positionColumn">Name of the column that holds the row's position in the file, a BIGINT from 0 on, as position deletes
    /// count it.</param>
    public string RowsWithPlace(IReadOnlyList<DataFile> files, string fileColumn, string positionColumn) =>
        Branches(files, (fileColumn, positionColumn));

    // Deletes are looked up only for files that have any: on one without they would double the cost of a read.
    private string Branches(IReadOnlyList<DataFile> files, (string File, string Position)? place)
    {
        var numbered = files.Index().ToList();
        var clean = numbered.FindAll(file => file.Item.Deletes is null);
        var touched = numbered.FindAll(file => file.Item.Deletes is not null);
        return (clean.Count, touched.Count) switch
        {
            (_, 0) => Branch(clean, place),
            (0, _) => Branch(touched, place) + WithoutDeleted(touched),
            _ => $"{Branch(clean, place)} UNION ALL {Branch(touched, place)}{WithoutDeleted(touched)}",
        };
    }

    // Columns of the reader are named by their ids: no name of a user's can hide the reader's own columns.
    private string Branch(List<(int Index, DataFile Item)> files, (string File, string Position)? place)
    {
        var text = new StringBuilder("SELECT ");
        foreach (var (index, field) in schema.Fields.Index())
            text.Append(index == 0 ? "" : ", ").Append(IdName(field)).Append(" AS ").Append(DuckQuote.Identifier(field.Name));
        if (place is { } names)
        {
            text.Append(", CAST([").AppendJoin(", ", files.Select(file => file.Index)).Append("][CAST(file_index AS BIGINT) + 1] AS BIGINT) AS ")
                .Append(DuckQuote.Identifier(names.File)).Append(", file_row_number AS ").Append(DuckQuote.Identifier(names.Position));
        }

        return text.Append(" FROM ").Append(Reader([.. files.Select(file => file.Item)], IdName)).ToString();
    }

    // Every file has deletes, so the delete file of the same index is its own. Measured: NOT IN takes a third of the time of an anti join,
    // which DuckDB turns around, and filters go down into the scan all the same.
    private string WithoutDeleted(List<(int Index, DataFile Item)> files)
    {
        var paths = string.Join(", ", files.Select(file => Literal(file.Item.Deletes!.Path)));
        return $" WHERE (file_index, file_row_number) NOT IN (SELECT file_index, pos FROM read_parquet([{paths}], hive_partitioning = false))";
    }

    private string Reader(IReadOnlyList<DataFile> files, Func<LakeField, string> name)
    {
        var text = new StringBuilder("read_parquet([").AppendJoin(", ", files.Select(file => Literal(file.Path))).Append("], schema = MAP {");
        foreach (var (index, field) in schema.Fields.Index())
        {
            text.Append(index == 0 ? "" : ", ").Append(field.Id)
                .Append(": {name: ").Append(DuckQuote.Literal(name(field)))
                .Append(", type: ").Append(DuckQuote.Literal(LakeColumns.SqlType(field.Type)))
                .Append(", default_value: NULL}");
        }

        // A folder of the lake may well contain "=": hive partitioning would make a column of it.
        return text.Append("}, ").Append(ReaderSize.Of(files)).Append(", hive_partitioning = false)").ToString();
    }

    private string Empty()
    {
        var columns = schema.Fields.Select(field => $"CAST(NULL AS {LakeColumns.SqlType(field.Type)}) AS {DuckQuote.Identifier(field.Name)}");
        return $"SELECT * FROM (SELECT {string.Join(", ", columns)}) WHERE false";
    }

    private string Literal(string path) => DuckQuote.Literal(Path.Combine(lakeRoot, path));

    private static string IdName(LakeField field) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{field.Id}");
}

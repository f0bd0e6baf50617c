using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Rat.Storage.Metadata;

/// <summary>
/// A prepared statement that its connection keeps, see <see cref="PreparedStatements"/>, and the row that it stands on. Disposing gives it back.
/// </summary>
internal sealed class Statement(PreparedStatements owner, string sql, sqlite3 database, sqlite3_stmt handle) : IDisposable
{
    private readonly nint _row = handle.DangerousGetHandle();

    public string Sql => sql;

    /// <summary>Sets a parameter, which the statement must have.</summary>
    public Statement Bind(string name, string? value) =>
        Checked(value is null ? raw.sqlite3_bind_null(handle, IndexOf(name)) : raw.sqlite3_bind_text(handle, IndexOf(name), value));

    public Statement Bind(string name, long value) => Checked(raw.sqlite3_bind_int64(handle, IndexOf(name), value));

    /// <summary>Sets the parameters of a filter, each of which the statement must have.</summary>
    /// <param name="parameters">Values are texts or numbers.</param>
    public Statement Bind(params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        foreach (var (name, value) in parameters)
            _ = value is long number ? Bind(name, number) : Bind(name, (string)value);
        return this;
    }

    /// <summary>Goes to the next row. False when there is none.</summary>
    public bool Read()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
            return true;
        if (result != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(result, database);
        return false;
    }

    /// <summary>The one number of a statement that has one row of one column.</summary>
    public long ReadNumber() => Read() ? Integer(0) : throw new InvalidOperationException("the statement has no row");

    public bool IsNull(int column) => SqliteColumns.Type(_row, column) == raw.SQLITE_NULL;

    public long Integer(int column) => SqliteColumns.Integer(_row, column);

    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);

    public bool Boolean(int column) => Integer(column) != 0;

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public Guid Id(int column) => Guid.Parse(Utf8(column));

    public Guid? IdOrNull(int column) => IsNull(column) ? null : Id(column);

    /// <summary>A text as it is stored, until the next row.</summary>
    public unsafe ReadOnlySpan<byte> Utf8(int column)
    {
        var text = SqliteColumns.Text(_row, column);
        return new ReadOnlySpan<byte>(text, SqliteColumns.Length(_row, column));
    }

    public void Dispose()
    {
        // What it answers is how the last step went, which was thrown there.
        _ = raw.sqlite3_reset(handle);
        _ = raw.sqlite3_clear_bindings(handle);
        owner.Return(this);
    }

    /// <summary>Frees it for good.</summary>
    public void Close() => handle.Dispose();

    private int IndexOf(string name) => raw.sqlite3_bind_parameter_index(handle, name) is > 0 and var index
        ? index
        : throw new InvalidOperationException($"the statement has no {name}: {sql}");

    private Statement Checked(int result)
    {
        SqliteException.ThrowExceptionForRC(result, database);
        return this;
    }
}

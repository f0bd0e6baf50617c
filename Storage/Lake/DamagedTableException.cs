namespace Rat.Storage.Lake;

/// <summary>Files or the pointer of a table are not as the catalog knows them: somebody else has changed them. The message names the table, and is
/// for whoever wanted to use it; no other table is affected.</summary>
/// <param name="reason">Without a path of this machine.</param>
internal sealed class DamagedTableException(TableName table, string reason) : Exception($"table {table} can't be used: {reason}");

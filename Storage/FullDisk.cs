using Microsoft.Data.Sqlite;

namespace Rat.Storage;

/// <summary>Tells a full disk from other I/O errors: it is no bug, and it can pass.</summary>
internal static class FullDisk
{
    private const int NoSpace = 28;          // ENOSPC
    private const int QuotaExceeded = 122;   // EDQUOT on Linux
    private const int WindowsDiskFull = 112; // ERROR_DISK_FULL, in the low half of an HRESULT
    private const int SqliteFull = 13;       // SQLITE_FULL

    public static Failure Failure { get; } = Failure.Unavailable("no space left in the data directory: nothing was stored");

    public static bool Caused(Exception exception) => exception switch
    {
        IOException => (exception.HResult & 0xFFFF) is NoSpace or QuotaExceeded or WindowsDiskFull,
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteFull,
        _ => false,
    };
}

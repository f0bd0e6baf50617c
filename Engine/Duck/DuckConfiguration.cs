using System.Globalization;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck;

/// <summary>The sandbox, as DuckDB's own settings (https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview). It keeps
/// statements from everything outside of the allowed directories; inside of them it tells neither tables nor reading from writing apart.</summary>
internal static class DuckConfiguration
{
    /// <summary>Takes back what outlives a borrow of a connection: <c>USE</c> works in spite of the lock.</summary>
    public const string Reset = "USE memory.main";

    // These are of a connection each, and harmless: with them exempt from the lock, connections can be opened when they are needed.
    private static readonly string[] Unlocked =
        ["enable_progress_bar", "enable_progress_bar_print", "progress_bar_time", "enable_profiling", "custom_profiling_settings"];

    /// <exception cref="DuckException">DuckDB refused a setting.</exception>
    public static DuckDBDatabase OpenDatabase(DuckInstanceSettings settings)
    {
        NativeMethods.Configuration.DuckDBCreateConfig(out var config);
        using (config)
        {
            foreach (var (name, value) in OfDatabase(settings))
            {
                if (NativeMethods.Configuration.DuckDBSetConfig(config, name, value) != DuckDBState.Success)
                    throw new DuckException($"DuckDB doesn't take {value} for {name}");
            }

            return NativeMethods.Startup.DuckDBOpen(":memory:", out var database, config, out var error) == DuckDBState.Success
                ? database
                : throw new DuckException(error);
        }
    }

    /// <summary>The rest of the settings, and the lock.</summary>
    public static string OfInstance(DuckInstanceSettings settings) => $"""
        SET GLOBAL TimeZone = 'UTC';
        SET GLOBAL allowed_directories = {TextList(settings.AllowedDirectories)};
        SET GLOBAL enable_external_access = false;
        SET GLOBAL allowed_configs = {TextList(Unlocked)};
        SET GLOBAL lock_configuration = true;
        """;

    /// <summary>Progress that isn't printed and counts from the start; a profile that isn't printed.</summary>
    public static string OfConnection(DuckInstanceSettings settings) => $"""
        SET enable_progress_bar = true;
        SET enable_progress_bar_print = false;
        SET progress_bar_time = 0;
        {(settings.Profile ? $"SET enable_profiling = 'no_output'; SET custom_profiling_settings = {DuckQuote.Literal(DuckProfile.Settings)};" : "")}
        """;

    private static IEnumerable<(string Name, string Value)> OfDatabase(DuckInstanceSettings settings) =>
    [
        ("memory_limit", $"{settings.MemoryLimitBytes.ToString(CultureInfo.InvariantCulture)}B"),
        ("threads", settings.Threads.ToString(CultureInfo.InvariantCulture)),
        ("temp_directory", settings.SpillDirectory),
        ("max_temp_directory_size", $"{settings.MaxSpillBytes.ToString(CultureInfo.InvariantCulture)}B"),
        ("preserve_insertion_order", "true"),
        // The files of the lake lie on this machine, where the system caches them already. DuckDB's own cache keeps something of each file that
        // was ever read: measured, 11 kB of memory with each run.
        ("enable_external_file_cache", "false"),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("allow_community_extensions", "false"),
        ("allow_persistent_secrets", "false"),
    ];

    private static string TextList(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(DuckQuote.Literal))}]";
}

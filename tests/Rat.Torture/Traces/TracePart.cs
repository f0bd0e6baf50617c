using System.ComponentModel;
using System.Diagnostics;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Traces;

/// <summary>
/// Watches the system calls of two runs and two uploads: everything that a commit names is synced before the commit's own sync
///.
/// </summary>
internal static class TracePart
{
    // The content of a page of rat.db, so that a commit is recognised by what it names.
    private const string Content = "4200";

    private const string Calls =
        "openat,open,creat,rename,renameat,renameat2,link,linkat,fsync,fdatasync,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,"
        + "sendfile,copy_file_range,mkdir,mkdirat,unlink,unlinkat";

    public static async Task RunAsync(TortureOptions options, Checks checks, string folder)
    {
        if (await WhyNotAsync() is { } reason)
        {
            checks.Skip("the order of syncs", reason);
            return;
        }

        var data = new DataFolder(Path.Combine(folder, "data"));
        var trace = Path.Combine(folder, "trace");
        await using var server = await RatServer.StartAsync(
            options.Binary, data.Root, "strace", "-f", "-tt", "-y", "-s", Content, "-e", $"trace={Calls}", "-e", "signal=none", "-o", trace);
        var api = server.Api;

        await api.CreateZoneAsync("drop");
        await api.CreatePipelineAsync(
            "bronze", "made", "SELECT range AS i, md5(range::VARCHAR) AS h FROM range(5000)", "merge_strategy: append_only\n");
        var commits = new List<(string What, string MetadataFile)>();
        foreach (var what in (string[])["the run that makes a table", "the run that appends to it"])
        {
            var run = await api.RunAsync("bronze", "made");
            checks.That(run.Succeeded, $"{what} succeeds", run.ToString);
            commits.Add((what, await MetadataAsync(api)));
        }

        var text = await api.WriteFileAsync("notes/new-folder/text.txt", new string('x', 100_000));
        var landed = await api.UploadAsync("drop", "rows.csv", new byte[100_000]);
        checks.That(await server.StopAsync() == 0, "the traced server ends with 0 after SIGTERM", () => server.Tail);

        var calls = TraceFile.Read(trace);
        checks.Note($"{calls.Count} system calls, {calls.Count(call => call.IsSync)} syncs");
        var durability = new Durability(calls, data.Database);
        var named = new HashSet<string>();
        foreach (var (what, metadata) in commits)
            CheckCommit(checks, durability, data, what, metadata, named);
        CheckUpload(checks, durability, data, "a text", text, $".versions/{text[..2]}/{text}");
        CheckUpload(checks, durability, data, "a landing file", landed.Key, landed.Key);
    }

    private static void CheckCommit(Checks checks, Durability durability, DataFolder data, string what, string metadata, HashSet<string> earlier)
    {
        var commit = durability.FindCommit(Path.GetFileName(metadata));
        checks.That(
            commit is not null, $"the commit of {what} is seen and synced", () => $"no write to rat.db-wal has {Path.GetFileName(metadata)}");
        if (commit is null)
            return;

        // What the metadata reaches by its own word, so that a file that was forgotten on disk or in the trace is missed.
        var files = TableFiles.Of(metadata).Select(file => file.Path).ToHashSet();
        var made = durability.MadeBelow(data.Lake, commit.Start).Where(path => !TableFiles.IsHint(path) && earlier.Add(path)).ToList();
        checks.None(files.Except(earlier), $"the trace shows the making of every file that {what} names");
        checks.That(
            (Count(".parquet"), Count(".metadata.json")) is ( >= 1, 1) && Count(".avro") >= 2,
            $"{what} makes data files, a manifest, a manifest list and a metadata file", () => string.Join(", ", made.Select(Path.GetFileName)));
        foreach (var file in made)
        {
            checks.None(
                durability.Violations(file, data.Root, commit.Start),
                $"{what} syncs {Path.GetExtension(file)} and its directories before they are named");
        }

        int Count(string extension) => made.Count(file => file.EndsWith(extension, StringComparison.Ordinal));
    }

    private static void CheckUpload(Checks checks, Durability durability, DataFolder data, string what, string text, string key)
    {
        var commit = durability.FindCommit(text);
        checks.That(commit is not null, $"the row of {what} is seen and synced");
        if (commit is null)
            return;
        checks.None(
            durability.Violations(data.ObjectPath(key), data.Root, commit.Start),
            $"{what} and its directories are synced before its row is written");
    }

    private static async Task<string> MetadataAsync(RatApi api) =>
        TableFiles.LocalPath((string)(await api.SendAsync(HttpMethod.Get, "/api/v1/tables/default/bronze/made"))["metadata_location"]!);

    // Null when strace is there and may trace.
    private static async Task<string?> WhyNotAsync()
    {
        try
        {
            using var strace = Process.Start(new ProcessStartInfo("strace", ["-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            var error = await strace.StandardError.ReadToEndAsync();
            await strace.WaitForExitAsync();
            return strace.ExitCode == 0 ? null : error.Trim();
        }
        catch (Win32Exception missing)
        {
            return $"strace can't be started: {missing.Message}";
        }
    }
}

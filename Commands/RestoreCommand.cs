using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Rat.Endpoints.Hosting;
using Rat.Storage;
using Rat.Storage.Backup;
using Rat.Storage.Metadata;
using Rat.Storage.Objects.S3;

namespace Rat.Commands;

/// <summary><c>rat restore</c>: builds a data directory from the backup of one. Ends with 0; with 1 when there is no backup or it
/// can't be restored; with 2 after wrong use, or when the object store can't be reached.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var flags = new BackupFlags(
            "--from", "Where the backup is (RAT_BACKUP_TO). [default: the bucket of the settings S3_ENDPOINT and S3_BUCKET]");
        var copy = new Option<bool>("--copy")
        {
            Description = "Leave the bucket to the server that it belongs to: what is restored is a copy to look at.",
        };
        var command = new Command(
            "restore",
            "Build a data directory from a backup, as it was at the last change that was shipped. A backup holds the metadata: files that a "
            + "server keeps on disk (objects/ and lake/) are not in it, those in a bucket are where they were.") { copy };
        flags.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var error = result.InvocationConfiguration.Error;
            var settings = flags.Load(result);
            if (!settings.Succeeded)
                return await RefuseAsync(error, settings.Failure.Message);
            if (settings.Value.Options.Backup is not { } backup)
                return await RefuseAsync(error, "no backup is configured: say where it is with --from s3://BUCKET/PREFIX");
            return await RestoreAsync(settings.Value.Options, backup, result.GetValue(copy), flags.IsJson(result), result.InvocationConfiguration, cancellation);
        });
        return command;
    }

    private static async Task<int> RestoreAsync(
        ServerOptions options, BackupSettings place, bool isCopy, bool isJson, InvocationConfiguration console, CancellationToken cancellation)
    {
        using var bucket = new BackupBucket(place, TimeProvider.System);
        try
        {
            var restored = await new Restore(bucket).RunAsync(
                options.DataDirectory, isCopy ? (_, _) => Task.CompletedTask : (id, storage) => TakeOverAsync(options, bucket, id, storage, cancellation),
                cancellation);
            if (!restored.Succeeded)
            {
                await console.Error.WriteLineAsync($"rat restore: {restored.Failure.Message}");
                return restored.Failure.Kind == FailureKind.Conflict ? ExitCode.Usage : ExitCode.Failed;
            }

            await console.Output.WriteLineAsync(isJson ? Json(options, restored.Value) : Text(options, place, restored.Value));
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            await console.Error.WriteLineAsync($"rat restore: {failure.Message}");
            return failure is S3Exception ? ExitCode.Usage : ExitCode.Failed;
        }
    }

    // The bucket of the files belongs to one data directory, as the backup does; they may be two.
    private static async Task TakeOverAsync(
        ServerOptions options, BackupBucket bucket, string id, string storage, CancellationToken cancellation)
    {
        await bucket.TakeOverAsync(id, cancellation);
        if (storage == InstanceStore.Disk || options.S3 is not { } files)
            return;
        using var own = new BackupBucket(new BackupSettings(files, BackupSettings.StandardPrefix), TimeProvider.System);
        await own.TakeOverAsync(id, cancellation);
    }

    private static string Text(ServerOptions options, BackupSettings place, RestoredState restored)
    {
        var contents = restored.Contents;
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            restored {Path.GetFullPath(options.DataDirectory)} from {place.Uri}
              as of       {restored.At:yyyy-MM-dd HH:mm:ss} UTC, the last change that was shipped
              namespaces  {contents.Namespaces}
              pipelines   {contents.Pipelines}
              tables      {contents.Tables}
              runs        {contents.Runs}
            """));
        if (restored.Storage == InstanceStore.Disk)
            text.Append("\nThis server kept its files on disk: put your own copy of objects/ and lake/ back before you start it.");
        return text.ToString();
    }

    private static string Json(ServerOptions options, RestoredState restored)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("data_dir", Path.GetFullPath(options.DataDirectory));
            json.WriteString("as_of", restored.At.UtcDateTime);
            json.WriteString("storage", restored.Storage);
            json.WriteNumber("namespaces", restored.Contents.Namespaces);
            json.WriteNumber("pipelines", restored.Contents.Pipelines);
            json.WriteNumber("tables", restored.Contents.Tables);
            json.WriteNumber("runs", restored.Contents.Runs);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static async Task<int> RefuseAsync(TextWriter error, string lines)
    {
        foreach (var line in lines.Split('\n'))
            await error.WriteLineAsync($"rat restore: {line}");
        return ExitCode.Usage;
    }
}

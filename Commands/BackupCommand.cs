using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Rat.Endpoints.Hosting;
using Rat.Storage;
using Rat.Storage.Backup;
using Rat.Storage.Objects.S3;

namespace Rat.Commands;

/// <summary><c>rat backup</c>: copies the metadata of a data directory into a file or a bucket, once. Ends with 0; with 1 when it failed; with 2
/// after wrong use, or when the object store can't be reached.</summary>
internal static class BackupCommand
{
    public static Command Create()
    {
        var flags = new BackupFlags("--to", "The bucket to put it into, in place of the backup that is there.");
        var file = new Argument<string?>("FILE")
        {
            Description = "The file to make; it must not exist.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "FILE",
        };
        var command = new Command(
            "backup",
            "Copy the metadata of a data directory, once and consistently, whether its server runs or not. Files that a server keeps on disk "
            + "(objects/ and lake/) are not in it. A server ships its changes by itself with RAT_BACKUP_TO, or when it keeps its files in a bucket.")
        {
            file,
        };
        flags.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var console = result.InvocationConfiguration;
            var settings = flags.Load(result);
            if (!settings.Succeeded)
                return await RefuseAsync(console, settings.Failure.Message, ExitCode.Usage);
            var target = result.GetValue(file);
            if (target is null == !flags.NamesPlace(result))
                return await RefuseAsync(console, "say where to: a FILE, or --to s3://BUCKET/PREFIX", ExitCode.Usage);
            return await BackUpAsync(settings.Value.Options, target, flags.IsJson(result), console, cancellation);
        });
        return command;
    }

    private static async Task<int> BackUpAsync(
        ServerOptions options, string? file, bool isJson, InvocationConfiguration console, CancellationToken cancellation)
    {
        try
        {
            var opened = SingleBackup.Open(options.DataDirectory);
            if (!opened.Succeeded)
                return await RefuseAsync(console, opened.Failure.Message, ExitCode.Usage);
            using var backup = opened.Value;
            var made = file is null ? await ToBucketAsync(backup, options.Backup!, cancellation) : backup.ToFile(file);
            if (!made.Succeeded)
                return await RefuseAsync(console, made.Failure.Message, ExitCode.Usage);
            var place = file is null ? options.Backup!.Uri : Path.GetFullPath(file);
            await console.Output.WriteLineAsync(isJson ? Json(place, made.Value)
                : string.Create(CultureInfo.InvariantCulture, $"backed up {Path.GetFullPath(options.DataDirectory)} to {place}, {made.Value} bytes"));
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SqliteException)
        {
            return await RefuseAsync(console, failure.Message, failure is S3Exception ? ExitCode.Usage : ExitCode.Failed);
        }
    }

    private static async Task<Outcome<long>> ToBucketAsync(SingleBackup backup, BackupSettings place, CancellationToken cancellation)
    {
        using var bucket = new BackupBucket(place, TimeProvider.System);
        return await backup.ToBucketAsync(bucket, TimeProvider.System, cancellation);
    }

    private static string Json(string place, long bytes)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("to", place);
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
    }

    private static async Task<int> RefuseAsync(InvocationConfiguration console, string lines, int code)
    {
        foreach (var line in lines.Split('\n'))
            await console.Error.WriteLineAsync($"rat backup: {line}");
        return code;
    }
}

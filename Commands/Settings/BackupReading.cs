using Rat.Storage.Backup;
using Rat.Storage.Objects.S3;

namespace Rat.Commands.Settings;

/// <summary>The settings of the backup.</summary>
internal static class BackupReading
{
    private const string Off = "off";

    /// <summary>Null: there is none. With object storage there is one in the same bucket unless it is said otherwise.</summary>
    /// <param name="storage">Where the files are, which says what isn't said of the backup's own store; null when that isn't a bucket.</param>
    public static BackupSettings? Read(SettingReader read, S3Settings? storage)
    {
        var interval = read.Duration("backup_interval", BackupSettings.StandardInterval);
        if (read.Text(SettingNames.BackupTo) is not { } text)
            return storage is null ? null : new BackupSettings(storage, BackupSettings.StandardPrefix) { Interval = interval };
        if (text.Equals(Off, StringComparison.OrdinalIgnoreCase))
            return null;
        var place = BackupPlace.Parse(text);
        if (!place.Succeeded)
            read.Problem("RAT_BACKUP_TO", place.Failure.Message);
        else if (Store(read, storage, place.Value.Bucket) is { } store)
            return new BackupSettings(store, place.Value.Prefix) { Interval = interval };
        return null;
    }

    private static S3Settings? Store(SettingReader read, S3Settings? storage, string bucket)
    {
        var (access, secret) = (read.Text("backup_access_key"), read.Text("backup_secret_key"));
        if (access is null != secret is null)
        {
            read.Problem("RAT_BACKUP_ACCESS_KEY", "goes together with RAT_BACKUP_SECRET_KEY");
            return null;
        }

        var endpoint = read.Text("backup_endpoint") ?? storage?.Endpoint;
        if (endpoint is null || endpoint.Contains('/', StringComparison.Ordinal) || Uri.CheckHostName(endpoint.Split(':')[0]) == UriHostNameType.Unknown)
        {
            read.Problem("RAT_BACKUP_ENDPOINT", "must be the object store as host:port without a scheme; RAT_BACKUP_USE_SSL chooses https");
            return null;
        }

        var (user, key) = (access ?? read.Text("s3_access_key"), secret ?? read.Text("s3_secret_key"));
        if (user is null || key is null)
        {
            read.Problem("RAT_BACKUP_ACCESS_KEY", "must be set, and RAT_BACKUP_SECRET_KEY");
            return null;
        }

        var standard = storage ?? new S3Settings(endpoint, bucket, user, key);
        return new S3Settings(endpoint, bucket, user, key)
        {
            // Belongs to the keys that it was lent with.
            SessionToken = access is null ? read.Text("s3_session_token") : null,
            UseTls = read.Flag("backup_use_ssl", standard.UseTls),
            Region = read.Text("backup_region", standard.Region),
            MetadataTimeout = standard.MetadataTimeout,
            DataTimeout = standard.DataTimeout,
        };
    }
}

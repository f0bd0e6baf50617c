namespace Rat.Storage.Backup;

/// <summary>What the backup puts into the container.</summary>
internal static class BackupRoom
{
    /// <summary>Adds a <see cref="ContinuousBackup"/>, if there is to be one.</summary>
    public static IServiceCollection AddBackup(this IServiceCollection services, BackupSettings? settings) =>
        settings is null ? services : services.AddSingleton(settings).AddSingleton<ContinuousBackup>();
}

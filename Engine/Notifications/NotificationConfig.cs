using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Notifications;

/// <summary>Who is told of runs: whoever the API has set, else whoever the server's own settings name.</summary>
internal sealed class NotificationConfig(EngineSettings engine, MetadataDatabase database)
{
    private const int MostCharacters = 2000;

    private readonly Lock _reading = new();

    /// <summary>What holds. The server's own settings until <see cref="StartAsync"/>.</summary>
    public NotificationSettings Current { get; private set; } = engine.Notifications;

    /// <summary>Whether the API has set it.</summary>
    public bool IsSetByApi { get; private set; }

    /// <summary>Something else holds now.</summary>
    public event Action? Changed;

    /// <summary>Reads what the API has set in an earlier life, and has the database put aside what is to be told.</summary>
    public Task StartAsync() => ApplyAsync(_ => { });

    /// <summary>From now on this holds as a whole, whatever the server's own settings say.</summary>
    /// <returns>400: an address that isn't http or https, or a text that no header can carry.</returns>
    public async Task<Outcome<bool>> SetAsync(NotificationSettingsRow wanted)
    {
        var failure = Check("url", wanted.Callback, IsAddress, "an http or https URL")
            ?? Check("openlineage_url", wanted.Lineage, IsAddress, "an http or https URL")
            ?? Check("secret", wanted.Secret, text => text.Length > 0, "at least one character")
            ?? Check("openlineage_api_key", wanted.LineageKey, IsToken, "printable ASCII characters");
        if (failure is not null)
            return failure;

        await ApplyAsync(connection => NotificationSettingsStore.Set(connection, wanted));
        return true;
    }

    /// <summary>The server's own settings hold again.</summary>
    public Task ClearAsync() => ApplyAsync(NotificationSettingsStore.Clear);

    /// <summary>Whether a header can carry it.</summary>
    public static bool IsToken(string text) => text.Length > 0 && text.All(character => character is >= ' ' and < '\x7f');

    private async Task ApplyAsync(Action<SqliteConnection> change)
    {
        await database.WriteAsync(connection =>
        {
            change(connection);
            NotificationStore.SetTargets(connection, NotificationTargets.Of(SettingsOf(NotificationSettingsStore.Find(connection))));
            return true;
        });
        // Two changes may end in another order than they were committed in: each reads what holds after it.
        lock (_reading)
        {
            var row = database.Read(NotificationSettingsStore.Find);
            (Current, IsSetByApi) = (SettingsOf(row), row is not null);
        }

        Changed?.Invoke();
    }

    private NotificationSettings SettingsOf(NotificationSettingsRow? row) => row is null
        ? engine.Notifications
        : new NotificationSettings(Address(row.Callback), row.Secret, Address(row.Lineage), row.LineageKey);

    private static Uri? Address(string? text) => text is null ? null : new Uri(text);

    private static Failure? Check(string field, string? text, Func<string, bool> isRight, string right) => text switch
    {
        null => null,
        { Length: > MostCharacters } => Failure.Invalid($"{field} has more than {MostCharacters} characters"),
        _ => isRight(text) ? null : Failure.Invalid($"{field} must be {right}"),
    };

    private static bool IsAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Rat.Bare;

/// <summary>A page of some list, as objects in memory.</summary>
internal abstract class Page
{
    public abstract byte[] Serialize();

    /// <param name="list">The member that holds the items.</param>
    public static async Task<Page> ReadAsync(string list, Stream json) => list switch
    {
        "runs" => await ReadAsync(json, PagesJson.Default.RunPage),
        "pipelines" => await ReadAsync(json, PagesJson.Default.PipelinePage),
        "versions" => await ReadAsync(json, PagesJson.Default.VersionPage),
        "triggers" => await ReadAsync(json, PagesJson.Default.TriggerPage),
        "tests" => await ReadAsync(json, PagesJson.Default.TestPage),
        "schedules" => await ReadAsync(json, PagesJson.Default.SchedulePage),
        "namespaces" => await ReadAsync(json, PagesJson.Default.NamespacePage),
        "zones" => await ReadAsync(json, PagesJson.Default.ZonePage),
        "landing_files" => await ReadAsync(json, PagesJson.Default.LandingFilePage),
        "samples" => await ReadAsync(json, PagesJson.Default.SamplePage),
        "files" => await ReadAsync(json, PagesJson.Default.FilePage),
        "tables" => await ReadAsync(json, PagesJson.Default.TablePage),
        "entries" => await ReadAsync(json, PagesJson.Default.AuditPage),
        _ => throw new ArgumentException($"no such list: {list}"),
    };

    private static async Task<Page> ReadAsync<T>(Stream json, JsonTypeInfo<T> type) =>
        new Typed<T>((await JsonSerializer.DeserializeAsync(json, type))!, type);

    private sealed class Typed<T>(T page, JsonTypeInfo<T> type) : Page
    {
        public override byte[] Serialize() => JsonSerializer.SerializeToUtf8Bytes(page, type);
    }
}

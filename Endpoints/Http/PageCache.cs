using System.Text.Json.Serialization.Metadata;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Http;

/// <summary>
/// Pages of lists as they were answered last. A page is answered again only as long as nothing at all was written since it was read, so
/// nobody can tell: reading fifty rows and writing them as JSON costs several times as much as answering a request.
/// </summary>
internal sealed class PageCache(MetadataDatabase database)
{
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly RecentlyUsed<string, Page> _pages = new(MostBytes, page => page.Json.Length + page.KeyLength);

    /// <summary>200 with the page that the request's path and query ask for.</summary>
    /// <param name="read">Reads it from the database, and from nothing else.</param>
    public IResult Answer<T>(HttpContext context, JsonTypeInfo<T> type, Func<T> read)
    {
        var key = $"{context.Request.Path}{context.Request.QueryString}";
        // Asked for before the page is read: what is written meanwhile makes it old at once.
        var version = database.Version;
        if (!_pages.TryGet(key, out var page) || page.Version != version)
            _pages.Set(key, page = new Page(version, JsonBody.Serialize(read(), type), key.Length * sizeof(char)));
        return new PageResult(page.Json);
    }

    private sealed record Page(long Version, byte[] Json, int KeyLength);

    private sealed class PageResult(byte[] json) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => JsonBody.WriteAsync(httpContext, json);
    }
}

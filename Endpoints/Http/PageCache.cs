using System.Text.Json.Serialization.Metadata;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Http;

/// <summary>
/// Pages of lists as they were answered last. A page is answered again only as long as nothing was written to the tables that it was read
/// from, so nobody can tell: reading fifty rows and writing them as JSON costs as much as answering a request.
/// </summary>
internal sealed class PageCache(MetadataDatabase database)
{
    private const long MostBytes = 16 * 1024 * 1024;

    // What an entry takes beside its page and its key.
    private const int EntryBytes = 256;

    private readonly RecentlyUsed<string, Page> _pages = new(MostBytes, page => page.Json.Length + page.KeyLength + EntryBytes);

    /// <summary>200 with the page that the request's path and query ask for, or the envelope of a failure, which isn't kept.</summary>
    /// <param name="tables">All that <paramref name="read"/> reads: the stores say it.</param>
    /// <param name="read">Reads the page from the database, or from what never changes.</param>
    /// <param name="namesHost">The page holds the address that the request was sent to.</param>
    public IResult Answer<T>(
        HttpContext context, JsonTypeInfo<T> type, ListedTables tables, Func<Outcome<T>> read, bool namesHost = false)
    {
        var request = context.Request;
        var key = $"{request.Path}{request.QueryString}{(namesHost ? $" {request.Scheme}://{request.Host}" : "")}";
        // Asked for before the page is read: what is written meanwhile makes it old at once.
        var version = database.Version(tables);
        if (_pages.TryGet(key, out var page) && page.Version == version)
            return new PageResult(page.Json);

        var found = read();
        if (!found.Succeeded)
            return ApiResults.Failure(found.Failure);
        page = new Page(version, JsonBody.Serialize(found.Value, type), key.Length * sizeof(char));
        _pages.Set(key, page);
        return new PageResult(page.Json);
    }

    private sealed record Page(long Version, byte[] Json, int KeyLength);

    private sealed class PageResult(byte[] json) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => JsonBody.WriteAsync(httpContext, json);
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Rat.Tests.Browser;

/// <summary>A web site with one page, which posts what it has found out to <c>/report</c>. With a server behind it, it is that one's proxy.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly TaskCompletionSource<JsonObject> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PageServer(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>What the page has reported.</summary>
    public Task<JsonObject> Report => _report.Task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <param name="behind">The server that everything else goes to, by the name that the browser asks for.</param>
    public static async Task<PageServer> StartAsync(string page, Uri? behind = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new PageServer(builder.Build());
        server._app.Run(context => server.AnswerAsync(context, page, behind));
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context, string page, Uri? behind)
    {
        if (context.Request.Path == "/report")
        {
            _report.TrySetResult((await JsonNode.ParseAsync(context.Request.Body))!.AsObject());
        }
        else if (context.Request.Path == "/")
        {
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(page);
        }
        else if (behind is not null)
        {
            await ForwardAsync(context, behind);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private async Task ForwardAsync(HttpContext context, Uri behind)
    {
        var request = context.Request;
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(behind, request.Path + request.QueryString));
        if (request.ContentLength is > 0)
            forwarded.Content = new StreamContent(request.Body);
        foreach (var (name, header) in request.Headers)
        {
            var values = header.ToArray();
            _ = forwarded.Headers.TryAddWithoutValidation(name, values) || forwarded.Content?.Headers.TryAddWithoutValidation(name, values) == true;
        }

        using var answer = await _client.SendAsync(forwarded);
        context.Response.StatusCode = (int)answer.StatusCode;
        await answer.Content.CopyToAsync(context.Response.Body);
    }
}

using System.Net;
using Rat.Bare;

// Kestrel with one endpoint that serialises a page from memory, and nothing else in its pipeline: what a list can't be faster than.
// PUT /LIST takes the page to answer, as JSON; GET answers it.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, 0);
    kestrel.Limits.MaxRequestBodySize = null;
});
var app = builder.Build();
Page? page = null;
app.Run(async context =>
{
    if (HttpMethods.IsPut(context.Request.Method))
    {
        page = await Page.ReadAsync(context.Request.Path.Value![1..], context.Request.Body);
        return;
    }

    var bytes = page!.Serialize();
    context.Response.ContentType = "application/json";
    context.Response.ContentLength = bytes.Length;
    await context.Response.Body.WriteAsync(bytes);
});
await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();

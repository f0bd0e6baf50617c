namespace Rat.Commands;

/// <summary>
/// What a server says once it listens. The line <c>listening on URL</c> is a promise to scripts: it stands alone on standard output, once,
/// after the socket accepts connections.
/// </summary>
internal static class Banner
{
    public static void Write(TextWriter output, Uri url, bool isTerminal)
    {
        var root = url.GetLeftPart(UriPartial.Authority);
        output.WriteLine($"listening on {root}");
        if (isTerminal)
        {
            output.WriteLine($"  portal  {root}/");
            output.WriteLine($"  API     {root}/api/v1");
            output.WriteLine("  Ctrl+C stops");
        }

        output.Flush();
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rat.Bench.Lists;

/// <summary>
/// <c>tests/Rat.Bare</c>, published like rat itself, natively and with the same settings, in a process of its own like rat: one that is compiled
/// while it runs, or that shares its process with the clients, would be another measure.
/// </summary>
internal sealed class BareServer : IDisposable
{
    private readonly Process _process;

    private BareServer(Process process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }
    public int ProcessId => _process.Id;

    public static async Task<BareServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("rat-bench-bare-").FullName;
        string[] arguments = ["publish", ProjectFile(), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", folder, "-v", "quiet"];
        using (var publish = Process.Start(new ProcessStartInfo("dotnet", arguments))!)
        {
            await publish.WaitForExitAsync();
            if (publish.ExitCode != 0)
                throw new InvalidOperationException("tests/Rat.Bare can't be published");
        }

        var process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "bare")) { RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the bare server has ended");
        return new BareServer(process, new Uri(line["listening on ".Length..]));
    }

    /// <summary>Holds this page from now on.</summary>
    /// <param name="list">Which list it is of: the name of its items.</param>
    public async Task HoldAsync(string list, byte[] page)
    {
        using var content = new ByteArrayContent(page);
        using var response = await Http.PutAsync(new Uri(list, UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
        if ((await Http.GetByteArrayAsync(new Uri("page", UriKind.Relative))).Length != page.Length)
            throw new InvalidOperationException($"{list}: the bare page is another one");
    }

    public void Dispose()
    {
        Http.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string ProjectFile([CallerFilePath] string thisFile = "") =>
        Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "Rat.Bare", "Rat.Bare.csproj");
}

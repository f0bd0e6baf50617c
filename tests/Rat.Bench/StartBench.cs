using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Rat.Bench;

/// <summary>From the process's start to its first 200 of <c>/health/ready</c>, asked every millisecond.</summary>
internal static class StartBench
{
    /// <param name="workingDirectory">Where the process is started; its data directory is a fresh one elsewhere.</param>
    public static async Task<TimeSpan> ToReadyAsync(string binary, string workingDirectory)
    {
        var data = Directory.CreateTempSubdirectory("rat-bench-start-").FullName;
        var port = FreePort();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var start = new ProcessStartInfo(binary, ["serve", "--data-dir", data, "--listen", $"127.0.0.1:{port}"])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
        };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            while (!await IsReadyAsync(http))
                await Task.Delay(1);
            return Stopwatch.GetElapsedTime(began);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

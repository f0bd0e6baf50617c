using System.Globalization;
using Rat.Torture;
using Rat.Torture.Archive;
using Rat.Torture.Buckets;
using Rat.Torture.Chains;
using Rat.Torture.Disks;
using Rat.Torture.Generations;
using Rat.Torture.Kills;
using Rat.Torture.Model;
using Rat.Torture.Readers;
using Rat.Torture.Soak;
using Rat.Torture.Traces;

// What no ordinary test does to a server: kill it, watch its system calls, replace tables under running queries, fill its disk.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (TortureOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(TortureOptions.Usage);
    return 2;
}

Console.WriteLine($"torture: {options.Binary}, size {(options.Full ? "full" : "small")}, seed {options.Seed}");
var checks = new Checks();
await PartAsync("kill", KillPart.RunAsync);
await PartAsync("trace", TracePart.RunAsync);
await PartAsync("generations", GenerationsPart.RunAsync);
await PartAsync("disk", DiskPart.RunAsync);
await PartAsync("archive", ArchivePart.RunAsync);
await PartAsync("readers", ReadersPart.RunAsync);
await PartAsync("expiry", ExpiryPart.RunAsync);
await PartAsync("model", ModelPart.RunAsync);
await PartAsync("chain", ChainPart.RunAsync);
await PartAsync("s3faults", BucketFaultsPart.RunAsync);
await PartAsync("soak", SoakPart.RunAsync);
Console.WriteLine(checks.Summary);
return checks.Failed == 0 ? 0 : 1;

async Task PartAsync(string name, Func<TortureOptions, Checks, string, Task> run)
{
    if (!options.Runs(name))
        return;
    var folder = Directory.CreateTempSubdirectory($"rat-torture-{name}-");
    var (failedBefore, start) = (checks.Failed, TimeProvider.System.GetTimestamp());
    checks.Part = name;
    try
    {
        await run(options, checks, folder.FullName);
    }
    catch (Exception exception)
    {
        checks.Fail("the part runs to its end", exception);
    }

    Console.WriteLine($"{name}: {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0} s");
    if (checks.Failed == failedBefore)
        folder.Delete(recursive: true);
    else
        Console.WriteLine($"{name}: what is left lies in {folder.FullName}");
}

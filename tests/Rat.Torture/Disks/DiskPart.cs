namespace Rat.Torture.Disks;

/// <summary>Disks, directories and databases that can't be used, or not any more.</summary>
internal static class DiskPart
{
    public static async Task RunAsync(TortureOptions options, Checks checks, string folder)
    {
        await new BadStarts(options, checks, folder).RunAsync();
        await new FullDisk(options, checks, folder).RunAsync();
    }
}

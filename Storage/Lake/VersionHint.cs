using System.Globalization;

namespace Rat.Storage.Lake;

/// <summary>
/// For readers that know a table by its folder alone (Iceberg specification, "File System Tables"): <c>version-hint.text</c> holds the number of
/// the version, <c>vN.metadata.json</c> leads to its file. Not durable, and a moment late: the catalog is what counts.
/// </summary>
internal static class VersionHint
{
    private const string FileName = "version-hint.text";

    /// <summary>Points at the version, from the moment on that it is the committed one.</summary>
    public static void Write(string metadataFolder, MetadataFile current)
    {
        // Links are a privilege on Windows.
        if (OperatingSystem.IsWindows())
            return;
        var link = Path.Combine(metadataFolder, LinkName(current.Version));
        File.Delete(link);
        File.CreateSymbolicLink(link, current.Path[(current.Path.LastIndexOf('/') + 1)..]);
        var aside = Path.Combine(metadataFolder, $"{FileName}.tmp");
        File.WriteAllText(aside, current.Version.ToString(CultureInfo.InvariantCulture));
        File.Move(aside, Path.Combine(metadataFolder, FileName), overwrite: true);
        File.Delete(Path.Combine(metadataFolder, LinkName(current.Version - 1)));
    }

    public static bool Exists(string metadataFolder) => File.Exists(Path.Combine(metadataFolder, FileName));

    /// <summary>Whether the hint names this version.</summary>
    public static bool IsAt(string metadataFolder, int version) => Exists(metadataFolder)
        && File.ReadAllText(Path.Combine(metadataFolder, FileName)) == version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The names in the metadata folder that belong to a version.</summary>
    public static IReadOnlyList<string> Names(int version) => [FileName, LinkName(version)];

    private static string LinkName(int version) => $"v{version.ToString(CultureInfo.InvariantCulture)}.metadata.json";
}

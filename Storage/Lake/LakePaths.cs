namespace Rat.Storage.Lake;

/// <summary>
/// The three forms of a place in the lake: below the root with forward slashes (what SQLite holds, so that a data directory that was moved
/// works at once), the machine's path, and the URI that Iceberg's own files hold.
/// </summary>
/// <param name="rootUri">Where others find the lake; null for the machine's own folder.</param>
internal sealed class LakePaths(string root, string? rootUri = null)
{
    public static LakePaths Of(DataDirectory directory) => new(directory.Lake, directory.LakeUri);

    /// <summary>The lake's root as the machine names it.</summary>
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <summary>The lake's root as Iceberg's files name it.</summary>
    public string RootUri { get; } = rootUri ?? ToUri(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)));

    public string Local(string path) => Path.Combine(Root, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Of a file of this machine below the root.</summary>
    public string Below(string local) => Path.GetRelativePath(Root, local).Replace(Path.DirectorySeparatorChar, '/');

    public string Uri(string path) => $"{RootUri}/{path}";

    // Not percent-encoded: Iceberg's locations are names of a file system behind a scheme, and readers open what follows the scheme as it is.
    private static string ToUri(string path)
    {
        var forward = path.Replace('\\', '/');
        return forward.StartsWith('/') ? $"file://{forward}" : $"file:///{forward}";
    }
}

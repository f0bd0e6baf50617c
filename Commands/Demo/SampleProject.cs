using System.Reflection;

namespace Rat.Commands.Demo;

/// <summary>The sample project that travels inside the executable: <c>samples/space-launches</c> of the repository.</summary>
internal static class SampleProject
{
    private const string Root = "samples/space-launches/";

    private static readonly string[] Layers = ["bronze", "silver", "gold"];

    /// <summary>A file that is uploaded to a landing zone.</summary>
    internal sealed record LandingFile(string Zone, string Name, string Resource);

    /// <summary>A pipeline with its files, by their names below the pipeline's folder.</summary>
    internal sealed record Pipeline(string Layer, string Name, IReadOnlyList<(string Name, string Resource)> Files);

    public static IReadOnlyList<LandingFile> LandingFiles { get; } =
        [.. from path in Paths("landing/")
            let parts = path.Split('/')
            select new LandingFile(parts[1], parts[^1], Root + path)];

    /// <summary>In an order in which each finds what it reads: by layer, then by name.</summary>
    public static IReadOnlyList<Pipeline> Pipelines { get; } =
        [.. from path in Paths("pipelines/")
            let parts = path.Split('/', 4)
            group (Name: parts[3], Resource: Root + path) by (Layer: parts[1], Name: parts[2]) into pipeline
            orderby Array.IndexOf(Layers, pipeline.Key.Layer), pipeline.Key.Name
            select new Pipeline(pipeline.Key.Layer, pipeline.Key.Name, [.. pipeline])];

    public static Stream Open(string resource) => Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
        ?? throw new InvalidOperationException($"{resource} is not in the executable");

    private static IEnumerable<string> Paths(string folder) =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        let path = name.Replace('\\', '/')
        where path.StartsWith(Root + folder, StringComparison.Ordinal)
        orderby path
        select path[Root.Length..];
}
